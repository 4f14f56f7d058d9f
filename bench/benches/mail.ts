import { createTestSecrets } from '@rollcall/test-stack/environments'
import { type SmtpSink, startSmtpSink } from '@rollcall/testing/smtp-sink'
import { createTransport } from 'nodemailer'
import { type Load, mailThroughPipeline, mailThroughPool } from '../load/mails.ts'
import { startUsersSide } from '../load/sign-ups.ts'
import type { Aim, OpenBench } from '../measuring/bench.ts'
import { type NotificationsStage, startNotifications } from '../stage/notifications-process.ts'

/** As many connections as the service's pool may have. */
const CONNECTIONS = 20

/** Mails at a fixed rate a second, for as long as gives a p99 that means something. */
export const openMail = (rate: number, p99: Aim) => async (): Promise<OpenBench> => {
  const way = await openWay({ processes: 1 })
  const load: Load = { rate, count: rate * 8 }
  return {
    unit: 'mail',
    subject: { what: `commit to 250 at ${rate}/s`, run: () => mailThroughPipeline(way, load) },
    baseline: { what: `nodemailer's pool at ${rate}/s`, run: () => mailThroughPool(way, load) },
    aims: rate === 100 ? [{ figure: 'p50', atMost: 8 }, p99] : [p99],
    services: way.services,
    stages: way.stages,
    close: way.close,
  }
}

/** All at once: the pipeline decides how fast they go. */
const BACKLOG: Load = { rate: Number.POSITIVE_INFINITY, count: 2000 }

/** A backlog of mails drained by one worker process, beside nodemailer's pool that is handed all of them. */
export async function openDrain(): Promise<OpenBench> {
  const way = await openWay({ processes: 1 })
  return {
    unit: 'mail',
    subject: { what: 'one worker process', run: () => mailThroughPipeline(way, BACKLOG) },
    baseline: { what: "nodemailer's pool", run: () => mailThroughPool(way, BACKLOG) },
    aims: [{ figure: 'rate', atLeast: 550 }],
    services: way.services,
    stages: way.stages,
    close: way.close,
  }
}

/** The same backlog drained by two worker processes, beside one. */
export async function openDrainOfTwo(): Promise<OpenBench> {
  const [one, two] = [await openWay({ processes: 1 }), await openWay({ processes: 2 })]
  return {
    unit: 'mail',
    subject: { what: 'two worker processes', run: () => mailThroughPipeline(two, BACKLOG) },
    baseline: { what: 'one worker process', run: () => mailThroughPipeline(one, BACKLOG) },
    aims: [{ figure: 'ratio', atLeast: 1.6 }],
    services: two.services,
    async close() {
      await one.close()
      await two.close()
    },
  }
}

/** A mail's whole way, with a server at its end, and the pool that it is measured beside. */
async function openWay({ processes }: { processes: number }) {
  const sink: SmtpSink = await startSmtpSink()
  const secrets = await createTestSecrets()
  const pool = createTransport({ url: sink.url, pool: true, maxConnections: CONNECTIONS, maxMessages: 10_000 })
  const users = await startUsersSide(secrets)
  const stage: NotificationsStage = { smtpUrl: sink.url, secrets, processes }
  const running = await startNotifications(stage)
  const services = Object.fromEntries(
    running.map((process, index) => [processes === 1 ? 'notifications' : `notifications ${index + 1}`, process]),
  )
  return {
    sink,
    pool,
    users,
    key: secrets.notificationsKey.public,
    services,
    /** The way of the mail alone: what notifications tells of it afterwards goes through an outbox as well. */
    async stages() {
      const pages = running.map(async ({ innerUrl }) => (await fetch(`${innerUrl}/metrics`)).text())
      const ofMails = (await Promise.all(pages)).map((page) => page.replace(/^outbox_.*\n/gm, ''))
      return [await users.metrics(), ...ofMails].join('\n')
    },
    async close() {
      await Promise.all(running.map((process) => process.kill('SIGTERM')))
      await users.stop()
      pool.close()
      await sink.stop()
    },
  }
}
