import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { callers } from './callers.ts'
import { endProcess, isAlive, markOf, type ProcessMark } from './process-mark.ts'

/** What one run has started, kept in a file so that somebody else can clean up after a run that was killed. */
export interface RunRecord {
  owner: ProcessMark
  /** Those who would hand the owner a Ctrl-C. */
  callers: ProcessMark[]
  /** In the order in which they were started. */
  processes: ProcessMark[]
  /** Temporary folders, removed with the processes. */
  folders: string[]
  /** What the run is doing, for those who wait for it. */
  doing?: string
}

export function createRunRecord(file: string, folders: string[] = []) {
  const record: RunRecord = { owner: markOf('owner', process.pid), callers: callers(), processes: [], folders }
  const save = () => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(record, null, 2))
    renameSync(`${file}.new`, file)
  }
  save()
  return {
    add({ name, pid }: { name: string; pid: number | undefined }) {
      if (pid === undefined) return
      record.processes.push(markOf(name, pid))
      save()
    },
    tell(doing: string) {
      record.doing = doing
      save()
    },
    remove: () => rmSync(file, { force: true }),
  }
}

export function readRunRecord(file: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord
  } catch {
    // Not there, or cut off by a crash of the whole machine, which ended its processes too.
    return undefined
  }
}

/** Ends what a killed run has left, in reverse order, and gives the names of what was still there. */
export async function endLeftovers(file: string): Promise<string[]> {
  const record = readRunRecord(file)
  const alive = record?.processes.filter(isAlive).reverse() ?? []
  for (const mark of alive) await endProcess(mark, mark.name === 'postgres' ? 'SIGINT' : 'SIGTERM')
  for (const folder of record?.folders ?? []) rmSync(folder, { recursive: true, force: true })
  rmSync(file, { force: true })
  return alive.map((mark) => mark.name)
}
