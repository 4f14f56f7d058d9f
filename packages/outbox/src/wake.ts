import type { Logger } from '@rollcall/runtime/logger'
import { createNotifier } from './notifier.ts'
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

export function createOutboxWake({ databaseUrl, log }: { databaseUrl: string; log: Logger }): OutboxWake {
  const notifier = createNotifier({ databaseUrl, channel: wakeChannel, log })
  let own: Pick<Relay, 'ring'> | undefined
  return {
    wake() {
      if (!own?.ring()) notifier.notify()
    },
    attach(relay) {
      own = relay
    },
    stop: notifier.stop,
  }
}
