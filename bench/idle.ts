import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyTestTopics, createTestSecrets } from '@rollcall/test-stack/environments'
import { startSmtpSink } from '@rollcall/testing/smtp-sink'
import { benchEngines } from './engines.ts'
import { startNotifications } from './notifications-process.ts'
import { type BenchRow, row } from './row.ts'
import { startEvents, startUsers } from './service.ts'

const SETTLING_MS = 8000
const WATCHED_MS = 20_000

/** Linux counts processor time in ticks of a hundredth of a second (proc_pid_stat(5), USER_HZ). */
const TICKS_PER_SECOND = 100

/** Percent of a core that each process takes while nobody asks it for anything, beside the 3 % that are its aim. */
export async function run(): Promise<BenchRow[]> {
  const secrets = await createTestSecrets()
  await applyTestTopics(secrets, (await benchEngines()).kafka)
  const sink = await startSmtpSink()
  const users = await startUsers({})
  const events = await startEvents('http://127.0.0.1:9/jwks.json')
  const notifications = await startNotifications(sink.url, secrets)
  const pids = { users: users.process.pid, events: events.process.pid, notifications: notifications.pid }
  try {
    await sleep(SETTLING_MS)
    const before = await Promise.all(Object.values(pids).map(ticksOf))
    await sleep(WATCHED_MS)
    const after = await Promise.all(Object.values(pids).map(ticksOf))
    return Object.keys(pids).map((name, index) => {
      const ticks = (after[index] ?? 0) - (before[index] ?? 0)
      const value = (100 * ticks) / TICKS_PER_SECOND / (WATCHED_MS / 1000)
      return row({ name: `idle CPU of ${name} (aim)`, unit: '% core', value, baseline: 3 })
    })
  } finally {
    await Promise.all([users.stop(), events.stop(), notifications.kill('SIGTERM'), sink.stop()])
  }
}

/** User and system time so far. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
