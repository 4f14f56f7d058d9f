import { startOf } from './process-start.mjs'

/** Names one process for good: its id alone is given to a stranger sooner or later. */
export interface ProcessMark {
  name: string
  pid: number
  /** As the system tells it; only ever compared with itself. */
  startedAt: string
}

export function markOf(name: string, pid: number): ProcessMark {
  return { name, pid, startedAt: startOf(pid) ?? 'ended' }
}

export function isAlive({ pid, startedAt }: ProcessMark): boolean {
  return startOf(pid) === startedAt
}

/** Ends a process that is not our child, gently first, and waits until it is gone. */
export async function endProcess(
  mark: ProcessMark,
  signal: NodeJS.Signals = 'SIGTERM',
  graceMs = 10_000,
): Promise<void> {
  if (!isAlive(mark)) return
  send(mark, signal)
  const deadline = performance.now() + graceMs
  while (isAlive(mark)) {
    if (performance.now() > deadline) send(mark, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function send({ pid }: ProcessMark, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
