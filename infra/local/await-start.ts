import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type ProcessMark } from '@rollcall/engines/process-mark'
import type { Progress } from '@rollcall/engines/progress'
import { readRunRecord } from '@rollcall/engines/run-record'

const WITHIN_MS = 120_000
const PAUSE_MS = 200

export interface StateFiles {
  runFile: string
  doorFile: string
  endpointsFile: string
}

/**
 * Gives what a ready Rollcall has written about its endpoints, and waits for a start that is still on its way.
 *
 * @throws at once where nothing is starting, and when the start ends or takes longer than `withinMs`.
 */
export async function awaitStart(files: StateFiles, progress: Progress, withinMs = WITHIN_MS): Promise<unknown> {
  const ready = readEndpoints(files)
  if (ready) return ready
  if (!whatIsStarting(files)) {
    throw new Error('Rollcall is not running: start it with npm start, and run this in a second terminal')
  }
  return progress.step('waiting for npm start, which is on its way', () => poll(files, progress, withinMs))
}

async function poll(files: StateFiles, progress: Progress, withinMs: number): Promise<unknown> {
  const deadline = performance.now() + withinMs
  let told = ''
  for (;;) {
    const endpoints = readEndpoints(files)
    if (endpoints) return endpoints
    const doing = whatIsStarting(files)
    if (!doing) throw new Error('npm start has ended before it was ready; its own terminal says why')
    if (doing !== told) progress.say(`  npm start: ${doing}`)
    told = doing
    if (performance.now() > deadline) {
      const seconds = Math.round(withinMs / 1000)
      throw new Error(
        `npm start is not ready after ${seconds} s (${doing}); try again when it says that Rollcall is ready`,
      )
    }
    await sleep(PAUSE_MS)
  }
}

/** What a start that is alive says that it does; undefined where there is none. */
function whatIsStarting({ runFile, doorFile }: StateFiles): string | undefined {
  const record = readRunRecord(runFile)
  if (record && isAlive(record.owner)) return record.doing ?? 'starting'
  const door = readJson<ProcessMark>(doorFile)
  return door && isAlive(door) ? 'installing packages' : undefined
}

/** Only of a run that is alive: a killed one leaves its file. */
function readEndpoints({ runFile, endpointsFile }: StateFiles): unknown {
  const record = readRunRecord(runFile)
  return record && isAlive(record.owner) ? readJson(endpointsFile) : undefined
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    // Not there, or being written.
    return undefined
  }
}
