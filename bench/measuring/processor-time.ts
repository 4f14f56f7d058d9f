import { readdir, readFile } from 'node:fs/promises'

/** What Linux has accounted for a process so far: proc_pid_stat(5). */
export interface ProcessTime {
  pid: number
  parent: number
  /** Milliseconds of its own threads, user and system. */
  own: number
  /** Milliseconds of children that have ended and were waited for. */
  ended: number
}

/** USER_HZ is 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10

export function readStat(stat: string): ProcessTime {
  // The name stands in parentheses and may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const field = (number: number) => fields[number - 3] ?? Number.NaN
  return {
    pid: Number.parseInt(stat, 10),
    parent: field(4),
    own: (field(14) + field(15)) * MS_PER_TICK,
    ended: (field(16) + field(17)) * MS_PER_TICK,
  }
}

/** Milliseconds of a process with all its descendants, living and ended. */
export function timeOfTree(processes: readonly ProcessTime[], root: number): number {
  const itself = processes.find(({ pid }) => pid === root)
  if (!itself) return 0
  const children = processes.filter(({ parent }) => parent === root)
  return itself.own + itself.ended + children.reduce((sum, { pid }) => sum + timeOfTree(processes, pid), 0)
}

export async function readProcesses(): Promise<ProcessTime[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)))
  return stats.flatMap((stat) => (stat === undefined ? [] : [readStat(stat)]))
}

/** Milliseconds of processor time so far, by name: trees of these roots, and this process alone as `load`. */
export async function readProcessorTimes(roots: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const processes = await readProcesses()
  const trees = Object.entries(roots).map(([name, pid]) => [name, timeOfTree(processes, pid)])
  const { user, system } = process.cpuUsage()
  return { ...Object.fromEntries(trees), load: (user + system) / 1000 }
}
