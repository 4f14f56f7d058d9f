import { type Kysely, sql } from 'kysely'
import type { OutboxTables } from './tables.ts'

/**
 * Forgets what is kept about people beside the tables of features: messages that the broker refused, and stored answers
 * where the database has them. An erasure must not wait for either to have had its time.
 */
export async function eraseKept<Tables extends OutboxTables>(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  const mentioned = sql`like any(${ids.map((id) => `%${id}%`)}::text[])`
  await sql`delete from outbox_parked where subject = any(${ids}::text[]) or data ${mentioned}`.execute(db)
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('idempotency_keys') is not null as there`.execute(db)
  if (rows[0]?.there) await sql`delete from idempotency_keys where answer ${mentioned}`.execute(db)
}
