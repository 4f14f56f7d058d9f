import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestSecrets } from '@rollcall/test-stack/environments'
import type { ServiceProcess } from '@rollcall/test-stack/processes'
import { startSmtpSink } from '@rollcall/testing/smtp-sink'
import { expectAll, sendAll } from '../load/http-load.ts'
import { mailThroughPipeline } from '../load/mails.ts'
import { openCrowd } from '../load/people.ts'
import { untilTicketsAreIssued } from '../load/seats.ts'
import { startUsersSide } from '../load/sign-ups.ts'
import type { OpenBench, Window } from '../measuring/bench.ts'
import { percentile } from '../measuring/statistics.ts'
import { startNotifications } from '../stage/notifications-process.ts'

const TIMES = 100_000
const PORTION = 2000
const CONNECTIONS = 32
const WATCHED_MS = 1000

/** Resident memory of the events service over 100 000 registrations with their tickets. */
export async function openMemoryOfRegistrations(): Promise<OpenBench> {
  const crowd = await openCrowd(PORTION)
  const { process, database } = crowd.events
  return open({ unit: 'registration', service: ['events', process], close: crowd.close }, async () => {
    const path = `/events/${await crowd.publish()}/registrations`
    const requests = crowd.tokens.map((token) => ({ path, method: 'POST' as const, token, body: { waitlist: false } }))
    expectAll(await sendAll(process.baseUrl, requests, CONNECTIONS), 201)
    await untilTicketsAreIssued(database.db)
  })
}

/** Resident memory of the notifications service over 100 000 mails. */
export async function openMemoryOfMails(): Promise<OpenBench> {
  const sink = await startSmtpSink()
  const secrets = await createTestSecrets()
  const users = await startUsersSide(secrets)
  const [process] = await startNotifications({ smtpUrl: sink.url, secrets, processes: 1 })
  if (!process) throw new TypeError('no notifications service was started')
  async function close() {
    await process?.kill('SIGTERM')
    await users.stop()
    await sink.stop()
  }
  const key = secrets.notificationsKey.public
  return open({ unit: 'mail', service: ['notifications', process], close }, async () => {
    await mailThroughPipeline({ users, sink, key }, { rate: Number.POSITIVE_INFINITY, count: PORTION })
  })
}

interface Subject {
  unit: string
  service: [string, ServiceProcess]
  close(): Promise<void>
}

/** Does the work in portions, and watches the process meanwhile. */
function open({ unit, service: [name, process], close }: Subject, doPortion: () => Promise<void>): OpenBench {
  async function run(): Promise<Window> {
    const seen: number[] = []
    let over = false
    const watching = (async () => {
      while (!over) {
        seen.push(await residentMb(process.pid))
        await sleep(WATCHED_MS)
      }
    })()
    const began = performance.now()
    for (let done = 0; done < TIMES; done += PORTION) await doPortion()
    const seconds = (performance.now() - began) / 1000
    over = true
    await watching
    return { units: TIMES, seconds, figures: figuresOf(seen) }
  }
  return {
    unit,
    subject: { what: `${TIMES.toLocaleString('en')} of them, in portions of ${PORTION.toLocaleString('en')}`, run },
    aims: [
      { figure: 'highest, MB', atMost: 300 },
      { figure: 'growth over the second half, MB', atMost: 15 },
    ],
    services: { [name]: process },
    rounds: 1,
    close,
  }
}

/** Growth: the median of the last tenth beside that of the tenth in the middle, as collections come and go. */
function figuresOf(seen: number[]): Record<string, number> {
  const tenth = (from: number) => seen.slice(seen.length * from, seen.length * (from + 0.1))
  const growth = percentile(tenth(0.9), 0.5) - percentile(tenth(0.45), 0.5)
  return { 'highest, MB': Math.max(...seen), 'growth over the second half, MB': growth }
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}
