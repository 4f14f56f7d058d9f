import type { OutgoingMessage } from '@rollcall/contracts/message'
import { currentTraceparent } from '@rollcall/runtime/trace'
import type { Transaction } from 'kysely'
import type { NewOutboxRow, OutboxTables } from './tables.ts'

/**
 * Writes messages that go to Kafka if, and only if, the transaction commits.
 * Takes a transaction, never the pool, so that forgetting one does not compile. Lock the aggregate's row first: then the
 * order in the outbox is the order of commits.
 */
export async function appendToOutbox<DB extends OutboxTables>(
  tx: Transaction<DB>,
  ...messages: OutgoingMessage[]
): Promise<void> {
  if (messages.length === 0) return
  // Kysely<T> is invariant in T; the constraint above already proves that the table exists.
  const outbox = tx as unknown as Transaction<OutboxTables>
  await outbox.insertInto('outbox').values(outboxRows(messages)).execute()
}

/** The same rows for a use case that inserts them itself, as part of one statement with CTEs. */
export function outboxRows(messages: readonly OutgoingMessage[]): NewOutboxRow[] {
  const traceparent = currentTraceparent() ?? null
  return messages.map(({ data, ...envelope }) => ({
    ...envelope,
    data: data === null ? null : JSON.stringify(data),
    traceparent,
  }))
}
