import { PassThrough, Readable } from 'node:stream'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { expect, it } from 'vitest'
import { inTime, readInTime } from './deadline.ts'

const later = <Value>(value: Value, milliseconds: number) =>
  new Promise<Value>((resolve) => setTimeout(() => resolve(value), milliseconds))

it('gives what comes in time', async () => {
  expect(await inTime(later('here', 5), 1000)).toBe('here')
  expect((await readInTime(Readable.from([Buffer.from('a'), Buffer.from('b')]), 1000)).toString()).toBe('ab')
})

it('destroys a stream that comes too late', async () => {
  const stream = new PassThrough()
  await expect(inTime(later(stream, 60), 20, (late) => late.destroy())).rejects.toThrow(EngineAway)
  await expect.poll(() => stream.destroyed).toBe(true)
})

it('throws what comes in time as it is', async () => {
  await expect(inTime(Promise.reject(new RangeError('no')), 1000)).rejects.toThrow(RangeError)
})

it('ends a stream that stalls, and one that has had its time already', async () => {
  for (const deadlineMs of [30, -5]) {
    const stream = new PassThrough()
    stream.write('half')
    await expect(readInTime(stream, deadlineMs)).rejects.toThrow(EngineAway)
    expect(stream.destroyed).toBe(true)
  }
})
