import { isAlive } from '@rollcall/engines/process-mark'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { end, type LocalStart, prepareLocalStart, signInAsNewAdmin } from './local-start.ts'

let local: LocalStart

beforeAll(async () => {
  local = await prepareLocalStart()
})

afterAll(() => local.clear())

it('says at once that nothing runs', async () => {
  await expect(local.demo()).rejects.toMatchObject({ stderr: expect.stringContaining('Rollcall is not running') })
})

it('starts everything while a demo waits for it, adds an admin, survives its own kill -9, and ends everything on Ctrl-C', {
  timeout: 300_000,
}, async () => {
  const starting = local.start()
  await expect.poll(() => local.record(), { timeout: 30_000 }).toMatchObject({ owner: { pid: expect.any(Number) } })
  const demo = await local.demo()
  expect(demo).toContain('waiting for npm start, which is on its way')
  expect(demo).toContain('All of it worked')

  const first = await starting
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

it('R8: begins anew after a reset, whatever else runs on this machine', { timeout: 150_000 }, async () => {
  await local.command('reset', ['--yes'])
  const anew = await local.start()
  const { gateway } = await local.endpoints()
  expect(await (await fetch(`${gateway}/events`)).json()).toMatchObject({ items: [], total: 0 })
  // The address is free again, and everything works with it.
  expect(await signInAsNewAdmin(local)).toMatchObject({ user: { role: 'admin' } })
  expect(await end(anew, 'SIGINT')).toBe(0)
})
