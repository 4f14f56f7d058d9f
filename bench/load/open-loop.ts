import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Starts `count` pieces of work at a fixed rate per second, whether or not those before have ended: what is slow then
 * delays itself, not the measurement. Resolves when all have been started.
 */
export async function openLoop(
  { rate, count }: { rate: number; count: number },
  start: (index: number) => Promise<unknown>,
): Promise<void> {
  const began = performance.now()
  const failures: unknown[] = []
  for (let index = 0; index < count; index += 1) {
    const wait = began + (index * 1000) / rate - performance.now()
    if (wait > 0) await sleep(wait)
    start(index).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, 'some of the work failed')
}
