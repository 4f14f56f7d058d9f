import type { Logger } from '@rollcall/runtime/logger'
import { type Kysely, sql } from 'kysely'
import type { OutboxTables } from './tables.ts'

/** The channel on which relays of one database listen. */
export const wakeChannel = 'rollcall_outbox'

export interface OutboxWake {
  /** Tells the relay that something has been committed. Returns at once; lost wake-ups cost one poll. */
  wake(): void
  /** Sends what is still due. */
  stop(): Promise<void>
}

/** Every NOTIFY takes a lock of the whole server when it commits, so one stands for all commits of this time. */
const COALESCE_MS = 5

/** Notifies after the commit, on another connection: inside the transaction it would cost a quarter of the commits. */
export function createOutboxWake<DB extends OutboxTables>({ db, log }: { db: Kysely<DB>; log: Logger }): OutboxWake {
  let due: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()
  let lastSent = 0

  async function notify() {
    due = undefined
    lastSent = performance.now()
    try {
      await sql`select pg_notify(${wakeChannel}, '')`.execute(db)
    } catch (error) {
      log.debug({ err: error }, 'the relay was not woken; it will find the messages by polling')
    }
  }

  const send = () => {
    sending = notify()
  }

  return {
    wake() {
      if (due) return
      // The first of a burst goes out at once.
      const wait = Math.max(0, lastSent + COALESCE_MS - performance.now())
      due = setTimeout(send, wait)
    },
    async stop() {
      if (due) {
        clearTimeout(due)
        send()
      }
      await sending
    },
  }
}
