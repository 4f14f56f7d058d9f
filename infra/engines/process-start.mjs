// When a process began, for the door, which runs on any Node, and for everybody else by process-mark.ts.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** As the system tells it, only ever compared with itself; undefined once the process has ended. */
export function startOf(pid) {
  return existsSync('/proc/self/stat') ? startFromProc(pid) : startFromPs(pid)
}

function startFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in parentheses, may hold spaces; the start is the twentieth field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function startFromPs(pid) {
  try {
    // The same words for whoever asks, whatever their language and time zone.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim() || undefined
  } catch {
    return undefined
  }
}
