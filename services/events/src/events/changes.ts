import { listenOn } from '@rollcall/outbox/listen'
import { createNotifier } from '@rollcall/outbox/notifier'
import type { Logger } from '@rollcall/runtime/logger'

const channel = 'events_changed'

/** Which state of all events this is, for whoever keeps what was worked out of them. */
export interface Changes {
  /** To be called when something has been committed: in this process it counts at once, and it is told to the others. */
  changed(): void
  /** Another number for another state; undefined while changes of other processes are not heard. */
  generation(): number | undefined
  stop(): Promise<void>
}

export function createChanges({ databaseUrl, log }: { databaseUrl: string; log: Logger }): Changes {
  const notifier = createNotifier({ databaseUrl, channel, log })
  let generation = 0
  let heard = false
  const listening = listenOn({
    ...{ databaseUrl, channel, log },
    notified() {
      generation += 1
      heard = true
    },
    lost() {
      heard = false
    },
  })
  return {
    changed() {
      generation += 1
      notifier.notify()
    },
    generation: () => (heard ? generation : undefined),
    async stop() {
      await listening.stop()
      await notifier.stop()
    },
  }
}
