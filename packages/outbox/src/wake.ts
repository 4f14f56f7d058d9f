import type { Logger } from '@rollcall/runtime/logger'
import { Client } from 'pg'
import type { Relay } from './relay.ts'

/** The channel on which relays of one database listen. */
export const wakeChannel = 'rollcall_outbox'

export interface OutboxWake {
  /** Tells the relay that something has been committed. Returns at once; lost wake-ups cost one poll. */
  wake(): void
  /** Rings this process' own relay from here on whenever it is the active one: that takes no way through the database. */
  attach(relay: Pick<Relay, 'ring'>): void
  /** Sends what is still due. */
  stop(): Promise<void>
}

/** Every NOTIFY takes a lock of the whole server when it commits, so one stands for all commits of this time. */
const COALESCE_MS = 5
const TIMEOUT_MS = 3000

/**
 * Notifies after the commit: inside the transaction it would cost a quarter of the commits. On a connection of its own,
 * one at a time: wake-ups must neither wait for a pool that is exhausted nor take what is left of it.
 */
export function createOutboxWake({ databaseUrl, log }: { databaseUrl: string; log: Logger }): OutboxWake {
  const connection = createConnection(databaseUrl)
  let due: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let lastSent = 0
  let again = false
  let own: Pick<Relay, 'ring'> | undefined

  async function notify() {
    lastSent = performance.now()
    try {
      await (await connection.get()).query(`notify ${wakeChannel}`)
    } catch (error) {
      await connection.drop()
      log.debug({ err: error }, 'the relay was not woken; it will find the messages by polling')
    }
  }

  function send() {
    due = undefined
    sending = notify().finally(() => {
      sending = undefined
      if (again) wake()
    })
  }

  function wake() {
    if (own?.ring() || due) return
    again = sending !== undefined
    if (again) return
    // The first of a burst goes out at once.
    due = setTimeout(send, Math.max(0, lastSent + COALESCE_MS - performance.now()))
  }

  return {
    wake,
    attach(relay) {
      own = relay
    },
    async stop() {
      if (due) {
        clearTimeout(due)
        send()
      }
      // What comes meanwhile is found by polling.
      while (sending) await sending
      clearTimeout(due)
      await connection.drop()
    },
  }
}

function createConnection(databaseUrl: string) {
  let client: Client | undefined
  return {
    /** @throws when the database does not answer within three seconds */
    async get(): Promise<Client> {
      if (client) return client
      const fresh = new Client({
        connectionString: databaseUrl,
        application_name: 'outbox-wake',
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
