import { EngineAway } from '@rollcall/runtime/engine-away'
import { expect, it, vi } from 'vitest'
import { log } from '../../test/log.ts'
import { untilAnswered } from './until-answered.ts'

const away = () => new EngineAway('PostgreSQL')

it('repeats a write while the database is away', async () => {
  const write = vi.fn().mockRejectedValueOnce(away()).mockRejectedValueOnce(away()).mockResolvedValue('done')
  expect(await untilAnswered(write, { log, limitMs: 10_000 })).toBe('done')
  expect(write).toHaveBeenCalledTimes(3)
})

it('gives up when its time is over', async () => {
  await expect(untilAnswered(() => Promise.reject(away()), { log, limitMs: 300 })).rejects.toThrow(EngineAway)
})

it('does not repeat what is wrong for another reason', async () => {
  const write = vi.fn().mockRejectedValue(new Error('check violated'))
  await expect(untilAnswered(write, { log, limitMs: 10_000 })).rejects.toThrow('check violated')
  expect(write).toHaveBeenCalledOnce()
})
