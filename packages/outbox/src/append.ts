import type { OutgoingMessage } from '@rollcall/contracts/message'
import { currentTraceparent } from '@rollcall/runtime/trace'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import { type NewOutboxRow, type OutboxTables, outboxColumns } from './tables.ts'

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

/**
 * The same as a part of a single statement, which is a transaction by itself: `insert into outbox …` for a CTE. Rows are
 * written once for each row of `condition`, another CTE that has one row where the change has happened, and none where
 * it has not. The text is constant, however many rows there are.
 */
export function outboxInsert(condition: string, rows: readonly NewOutboxRow[]): RawBuilder<unknown> {
  return sql`
    insert into outbox (${written('')})
    select ${written('told.')}
    from ${sql.table(condition)}, json_populate_recordset(null::outbox, ${JSON.stringify(rows)}) as told`
}

/**
 * The same for several changes in one statement: of the rows those are written whose `id` a row of `condition` has as its
 * `message_id`.
 */
export function outboxInsertOf(condition: string, rows: readonly NewOutboxRow[]): RawBuilder<unknown> {
  return sql`
    insert into outbox (${written('')})
    select ${written('told.')}
    from json_populate_recordset(null::outbox, ${JSON.stringify(rows)}) as told
    join ${sql.table(condition)} as change on change.message_id = told.id`
}

/** The others are the database's own. */
const writtenColumns = outboxColumns.filter((column) => column !== 'position' && column !== 'created_at')
const written = (prefix: string) => sql.join(writtenColumns.map((name) => sql.ref(`${prefix}${name}`)))

/** Messages as they are stored, with the trace of the work in hand: make them where somebody asks for it. */
export function outboxRows(messages: readonly OutgoingMessage[]): NewOutboxRow[] {
  return messages.map(outboxRow)
}

/** One of them. */
export function outboxRow({ data, ...envelope }: OutgoingMessage): NewOutboxRow {
  const traceparent = currentTraceparent() ?? null
  return { ...envelope, data: data === null ? null : JSON.stringify(data), traceparent }
}
