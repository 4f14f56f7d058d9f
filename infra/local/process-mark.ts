import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

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

function startOf(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? startFromProc(pid) : startFromPs(pid)
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in parentheses, may hold spaces; the start is the twentieth field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    // The same words for whoever asks, whatever their language and time zone.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim() || undefined
  } catch {
    return undefined
  }
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
