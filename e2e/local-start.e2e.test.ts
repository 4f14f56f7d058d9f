import { isAlive } from '@rollcall/local/process-mark'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { end, type LocalStart, prepareLocalStart, signInAsNewAdmin } from './local-start.ts'

let local: LocalStart

beforeAll(async () => {
  local = await prepareLocalStart()
})

afterAll(() => local.clear())

it('starts everything, adds an admin, survives its own kill -9, and ends everything on Ctrl-C', {
  timeout: 300_000,
}, async () => {
  const first = await local.start()
  const { gateway } = await local.endpoints()
  expect((await fetch(`${gateway}/events`)).status).toBe(200)
  expect(await signInAsNewAdmin(local)).toMatchObject({ user: { role: 'admin' } })
  await expect(local.command('start')).rejects.toMatchObject({ stderr: expect.stringContaining('already running') })

  const left = (await local.record()).processes
  await end(first, 'SIGKILL')
  expect(left.filter(isAlive).length).toBeGreaterThan(8)

  const second = await local.start()
  expect(second.output()).toContain('An earlier start was killed; ended what it had left')
  expect(left.filter(isAlive)).toEqual([])

  const running = (await local.record()).processes
  expect(await end(second, 'SIGINT')).toBe(0)
  expect(running.filter(isAlive)).toEqual([])
  const stopping = [...second.output().matchAll(/ {2}stopping (\S+)/g)].map(([, name]) => name)
  expect(stopping).toEqual(running.map(({ name }) => name).reverse())
})
