import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type System, startSystem } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})

afterAll(() => system?.stop())

interface Asked {
  status: number
  connection: string | null
}

/** One client with a connection that it keeps; ends when it finds nobody there any more. Gives why. */
async function askOnAndOn(url: string, answers: Asked[]): Promise<string> {
  for (;;) {
    try {
      const answer = await fetch(url)
      await answer.json()
      answers.push({ status: answer.status, connection: answer.headers.get('connection') })
    } catch (error) {
      return String((error as { cause?: { code?: string } }).cause?.code)
    }
  }
}

it('a service that is stopped under load turns unready first, and cuts off no answer', async () => {
  const service = await system.startAnother('events')
  const answers: Asked[] = []
  const clients = Array.from({ length: 6 }, () => askOnAndOn(`${service.baseUrl}/events`, answers))
  await expect.poll(() => answers.length).toBeGreaterThan(50)

  const ended = service.kill('SIGTERM')
  const readiness = new Set<number>()
  const watching = (async () => {
    for (;;) {
      const answer = await fetch(`${service.innerUrl}/readyz`).catch(() => undefined)
      if (!answer) return
      readiness.add(answer.status)
      await sleep(10)
    }
  })()
  expect(await ended).toBe(0)
  await watching

  expect([...readiness].filter((status) => status !== 200)).toEqual([503])
  // A new connection in the moment of the end is refused or reset by the system; one that was taken is answered.
  expect((await Promise.all(clients)).filter((code) => !['ECONNREFUSED', 'ECONNRESET'].includes(code))).toEqual([])
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(answers.filter(({ connection }) => connection === 'close').length).toBeGreaterThanOrEqual(6)
})
