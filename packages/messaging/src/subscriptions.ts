import type { Definition, FactDefinition, SnapshotDefinition } from '@rollcall/contracts/define'
import type { ReceivedMessage } from './envelope.ts'

/**
 * Handles messages of one partition in their order, at most 100 at a time. Runs again with the same messages after a
 * crash or when it throws, so it must be idempotent. EngineAway: it is tried again until the engine is back; anything else:
 * a few times, then what it throws for becomes a dead letter.
 */
export type Handler<D extends Definition> = (messages: ReceivedMessage<D>[]) => Promise<void>

export interface Subscription {
  /** Stable: shown in logs, spans and dead letters. */
  name: string
  definition: Definition
  // A method, so that a table may hold handlers of different definitions; the consumer decodes with `definition`.
  handle(messages: ReceivedMessage[]): Promise<void>
}

/** Reacts to a fact. */
export function on<D extends FactDefinition>(definition: D, name: string, handler: Handler<D>): Subscription {
  return subscription({ name, definition, handler })
}

/** Keeps a projection of an aggregate: upsert where the message's `sequence` is higher, delete for `data: null`. */
export function project<D extends SnapshotDefinition>(definition: D, handler: Handler<D>): Subscription {
  return subscription({ name: `project-${definition.aggregate}`, definition, handler })
}

function subscription<D extends Definition>(declared: {
  name: string
  definition: D
  handler: Handler<D>
}): Subscription {
  const { name, definition, handler } = declared
  return { name, definition, handle: (messages) => handler(messages as ReceivedMessage<D>[]) }
}
