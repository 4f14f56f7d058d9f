import { type Run, startRun } from '@rollcall/test-stack/engines'
import type { TestEngines } from '@rollcall/testing/engines'

let run: Promise<Run> | undefined

/** The engines of this run, with temporary data; started by whoever asks first. */
export async function benchEngines(): Promise<TestEngines> {
  run ??= startRun()
  return (await run).engines
}

export async function stopBenchEngines(): Promise<void> {
  await (await run)?.stop()
}
