import { expect, test } from 'vitest'
import { readProcessorTimes, readStat, timeOfTree } from './processor-time.ts'

test('reads the accounting of a process, whatever it is called', () => {
  const stat = '4711 (post) gres (1) S 17 4711 4711 0 -1 4194304 1 2 3 4 150 50 20 5 20 0 1 0 9 8'
  expect(readStat(stat)).toEqual({ pid: 4711, parent: 17, own: 2000, ended: 250 })
})

test('adds up a process with its descendants, and those that have ended', () => {
  const processes = [
    { pid: 1, parent: 0, own: 1, ended: 100 },
    { pid: 2, parent: 1, own: 10, ended: 0 },
    { pid: 3, parent: 2, own: 20, ended: 1000 },
    { pid: 9, parent: 8, own: 5000, ended: 5000 },
  ]
  expect(timeOfTree(processes, 1)).toBe(1131)
  expect(timeOfTree(processes, 77)).toBe(0)
})

test('sees the time that this process takes', async () => {
  const before = await readProcessorTimes({ itself: process.pid })
  // Not by the clock: on a busy machine others have the processor for a while.
  const started = process.cpuUsage()
  while (process.cpuUsage(started).user < 100_000);
  const after = await readProcessorTimes({ itself: process.pid })
  expect((after['load'] ?? 0) - (before['load'] ?? 0)).toBeGreaterThan(40)
  expect((after['itself'] ?? 0) - (before['itself'] ?? 0)).toBeGreaterThan(40)
})
