import type { Logger } from '@rollcall/runtime/logger'
import type { Consumer } from 'kafkajs'

export interface OffsetKeeper {
  /** Notes that everything up to this record has been handled. */
  handled(position: { topic: string; partition: number; offset: string }): void
  /** Commits what has been noted; what the broker doesn't take is tried again next time. */
  commit(): Promise<void>
  /** Forgets what has been noted: after a rebalance the partitions may be somebody else's. */
  forget(): void
}

interface Deps {
  consumer: Pick<Consumer, 'commitOffsets'>
  log: Logger
}

interface Position {
  topic: string
  partition: number
  offset: string
}

/**
 * Commits offsets apart from handling. kafkajs would commit after every batch and fetch only then, which makes each
 * message wait for a round trip of the one before.
 */
export function createOffsetKeeper({ consumer, log }: Deps): OffsetKeeper {
  const pending = new Map<string, Position>()
  let epoch = 0

  async function commit() {
    if (pending.size === 0) return
    const positions = [...pending.values()]
    const startedIn = epoch
    pending.clear()
    try {
      await consumer.commitOffsets(positions)
    } catch (error) {
      log.info({ err: error }, 'offsets were not committed; they are committed with the next ones')
      if (startedIn === epoch) putBack(positions)
    }
  }

  /** Unless handling has gone on meanwhile: the higher offset includes the lower one. */
  function putBack(positions: Position[]) {
    for (const position of positions) {
      const key = keyOf(position)
      if (!pending.has(key)) pending.set(key, position)
    }
  }

  let running: Promise<void> = Promise.resolve()
  return {
    handled({ topic, partition, offset }) {
      const next = { topic, partition, offset: String(BigInt(offset) + 1n) }
      pending.set(keyOf(next), next)
    },
    commit() {
      // One after the other: an older commit that arrives last would set the group back.
      running = running.then(commit)
      return running
    },
    forget() {
      epoch += 1
      pending.clear()
    },
  }
}

function keyOf({ topic, partition }: Position): string {
  return `${topic}/${partition}`
}
