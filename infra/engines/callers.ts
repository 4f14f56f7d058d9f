import { readFileSync } from 'node:fs'
import { isAlive, markOf, type ProcessMark } from './process-mark.ts'

const EVERY_MS = 500

/** From our parent up to npm: the processes that stand between the newcomer's terminal and us. */
export function callers(): ProcessMark[] {
  const marks: ProcessMark[] = []
  let pid = process.ppid
  for (let height = 0; height < 4 && pid > 1; height++) {
    const stat = statOf(pid)
    if (!stat) break
    marks.push(markOf(stat.name, pid))
    if (stat.name.startsWith('npm')) return marks
    pid = stat.parent
  }
  return marks.slice(0, 1)
}

/** Calls back once when one of them is gone without having told us: nobody could press Ctrl-C any more. */
export function watchCallers(onGone: () => void): void {
  const marks = callers()
  const timer = setInterval(() => {
    if (marks.every(isAlive)) return
    clearInterval(timer)
    onGone()
  }, EVERY_MS)
  timer.unref()
}

function statOf(pid: number): { name: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) }
  } catch {
    return undefined
  }
}
