import type { ProofCase } from './cases.ts'
import { type Clone, prepareClone } from './clone.ts'
import { npm, succeed, untilPrinted } from './npm.ts'
import type { ProofCommand } from './options.ts'

const minutes = (count: number) => count * 60_000

const READY_WITHIN_MS = minutes(20)
const DEMO_WITHIN_MS = minutes(4)
const STOP_WITHIN_MS = minutes(3)
const TEST_WITHIN_MS = minutes(60)

export interface Outcome {
  name: string
  command: ProofCommand
  seconds: number
  /** Why it failed; undefined where it did not. */
  problem?: string
}

/** Runs one of the two commands as the case says, in a new clone that is removed afterwards. */
export async function runCase(proofCase: ProofCase, command: ProofCommand): Promise<Outcome> {
  const startedAt = performance.now()
  const walk = command === 'start' ? startAndStop : test
  const outcome = (problem?: string): Outcome => ({
    name: proofCase.name,
    command,
    seconds: (performance.now() - startedAt) / 1000,
    ...(problem === undefined ? {} : { problem }),
  })
  try {
    const walks = proofCase.twice && command === 'start' ? [walk(proofCase), walk(proofCase)] : [walk(proofCase)]
    const settled = await Promise.allSettled(walks)
    const failed = settled.flatMap((it) => (it.status === 'rejected' ? [String(it.reason)] : []))
    return outcome(failed.length > 0 ? failed.join('\n') : undefined)
  } catch (error) {
    return outcome(String(error))
  }
}

async function startAndStop(proofCase: ProofCase): Promise<void> {
  const clone = await prepareClone(proofCase)
  const start = npm(clone, ['start'], proofCase.terminal)
  try {
    if (!proofCase.impatient) await untilPrinted('Rollcall is ready', start, READY_WITHIN_MS)
    await succeed('npm run demo', npm(clone, ['run', 'demo'], proofCase.terminal), DEMO_WITHIN_MS)
    await succeed('npm run stop', npm(clone, ['run', 'stop']), STOP_WITHIN_MS)
    await succeed('npm start', start, STOP_WITHIN_MS)
  } finally {
    await clearUp(clone, start.kill)
  }
}

async function test(proofCase: ProofCase): Promise<void> {
  const clone = await prepareClone(proofCase)
  const running = npm(clone, ['test'], proofCase.terminal)
  try {
    await succeed('npm test', running, TEST_WITHIN_MS)
    const last = running.lastLine()
    if (!/^\d+ passed, 0 failed$/.test(last)) throw new Error(`the last line of npm test is "${last}"`)
  } finally {
    await clearUp(clone, running.kill)
  }
}

/** Whatever has happened: ends what the clone has started, by its own record, and removes its data. */
async function clearUp(clone: Clone, kill: () => void): Promise<void> {
  await npm(clone, ['run', 'stop']).ended
  kill()
  await npm(clone, ['run', 'reset', '--', '--yes']).ended
  await clone.remove()
}
