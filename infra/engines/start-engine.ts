import { readFile } from 'node:fs/promises'
import type { Engine, Place, Started } from './engine.ts'
import type { Progress } from './progress.ts'
import { ensureSystemPackages } from './system-packages.ts'

const READY_WITHIN_MS = 120_000
const PAUSE_MS = 50

/** Installs, downloads and builds what these engines need; quick when all is there. */
export async function ensureEngines(engines: Engine[], progress: Progress): Promise<void> {
  await ensureSystemPackages(
    engines.flatMap((engine) => engine.needs()),
    progress,
  )
  await Promise.all(engines.map((engine) => engine.ensure(progress)))
}

/**
 * Starts an engine and waits until it answers.
 *
 * @throws with the end of its log when it ends before that, or does not answer within two minutes.
 */
export async function startEngine(
  engine: Engine,
  place: Place,
  onStarted?: (started: Started) => void,
): Promise<Started> {
  const started = await engine.start(place)
  onStarted?.(started)
  await waitUntilReady(started, () => engine.ready(place))
  return started
}

/** Asks again and again until `probe` stops throwing, or the process has ended. */
export async function waitUntilReady(started: Started, probe: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    if (started.hasEnded()) throw new Error(`${started.name} ended while starting\n${await endOf(started.logFile)}`)
    try {
      return await probe()
    } catch (error) {
      if (performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      else {
        await started.stop()
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(`${started.name} does not answer: ${reason}\n${await endOf(started.logFile)}`)
      }
    }
  }
}

async function endOf(logFile: string): Promise<string> {
  const log = await readFile(logFile, 'utf8').catch(() => '')
  return log.trimEnd().split('\n').slice(-20).join('\n')
}
