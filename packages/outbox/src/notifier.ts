import type { Logger } from '@rollcall/runtime/logger'
import { Client } from 'pg'

export interface Notifier {
  /** Tells every process of the service that listens on the channel. Returns at once. */
  notify(): void
  /** Sends what is still due. */
  stop(): Promise<void>
}

interface NotifierOptions {
  databaseUrl: string
  channel: string
  log: Logger
}

/** Every NOTIFY takes a lock of the whole server when it commits, so one stands for all of this time. */
const COALESCE_MS = 5
const TIMEOUT_MS = 3000

/**
 * Notifies outside of transactions: inside, it would cost a quarter of the commits. On a connection of its own, one at a
 * time: a notification must neither wait for a pool that is exhausted nor take what is left of it. One may be lost.
 */
export function createNotifier({ databaseUrl, channel, log }: NotifierOptions): Notifier {
  const connection = createConnection(databaseUrl, channel)
  let due: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let lastSent = 0
  let again = false

  async function tell() {
    lastSent = performance.now()
    try {
      await (await connection.get()).query(`notify ${channel}`)
    } catch (error) {
      await connection.drop()
      log.debug({ err: error, channel }, 'others were not notified; they find out by themselves')
    }
  }

  function send() {
    due = undefined
    sending = tell().finally(() => {
      sending = undefined
      if (again) notify()
    })
  }

  function notify() {
    if (due) return
    again = sending !== undefined
    if (again) return
    // The first of a burst goes out at once.
    due = setTimeout(send, Math.max(0, lastSent + COALESCE_MS - performance.now()))
  }

  return {
    notify,
    async stop() {
      if (due) {
        clearTimeout(due)
        send()
      }
      // What comes meanwhile is found otherwise.
      while (sending) await sending
      clearTimeout(due)
      await connection.drop()
    },
  }
}

function createConnection(databaseUrl: string, channel: string) {
  let client: Client | undefined
  return {
    /** @throws when the database does not answer within three seconds */
    async get(): Promise<Client> {
      if (client) return client
      const fresh = new Client({
        connectionString: databaseUrl,
        application_name: `notify-${channel}`,
        keepAlive: true,
        connectionTimeoutMillis: TIMEOUT_MS,
        query_timeout: TIMEOUT_MS,
      })
      fresh.on('error', () => {
        if (client === fresh) client = undefined
      })
      client = fresh
      await fresh.connect()
      return fresh
    },
    async drop() {
      const old = client
      client = undefined
      await old?.end().catch(() => {})
    },
  }
}
