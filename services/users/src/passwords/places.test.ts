import { beforeEach, describe, expect, it } from 'vitest'
import { createPlaces, type Places } from './places.ts'

const PLACES = 3
let now: number
let places: Places
let leave: (() => void)[]

beforeEach(() => {
  now = 0
  places = createPlaces(PLACES, () => now)
  leave = []
})

const come = () => places.use(() => new Promise<void>((resolve) => leave.push(resolve)))
const fill = () => Array.from({ length: PLACES }, come)

describe('places', () => {
  it('are as many as there are, and free again after work that fails', async () => {
    const working = fill()
    await expect(come()).rejects.toMatchObject({ code: 'Busy' })
    leave[0]?.()
    await working[0]
    await expect(places.use(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(await places.use(async () => 'done')).toBe('done')
  })

  it('have people come back the later the more are sent away for each who is served, within bounds', async () => {
    const working = fill()
    const told: string[] = []
    const refuse = async (times: number) => {
      for (let i = 0; i < times; i += 1) await come().catch(({ extras }) => told.push(extras.headers['retry-after']))
      now += 1000
      await come().catch(({ extras }) => told.push(extras.headers['retry-after']))
      return Number(told.at(-1))
    }
    expect(await refuse(1)).toBe(2)
    expect(await refuse(12)).toBeGreaterThan(4)
    expect(await refuse(400)).toBe(8)
    for (let i = 0; i < 5; i += 1) await refuse(0)
    expect(await refuse(0)).toBe(2)
    for (const one of leave) one()
    await Promise.all(working)
  })
})
