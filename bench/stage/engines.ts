import { type Run, startRun } from '@rollcall/test-stack/engines'
import type { TestEngines } from '@rollcall/testing/engines'

let run: Promise<Run> | undefined

/** Starts the engines of this run, with temporary data. `durable`: they keep what they acknowledge, as `npm start`'s do. */
export function startBenchEngines(options: { durable: boolean }): Promise<Run> {
  run = startRun(options)
  return run
}

export async function benchEngines(): Promise<TestEngines> {
  if (!run) throw new TypeError('the engines of the bench have not been started')
  return (await run).engines
}
