import type { Kysely, Transaction } from 'kysely'

export interface IdempotencyTables {
  idempotency_keys: {
    /** Hash of caller, operation and key: the key itself is a secret of its caller. */
    id: Buffer
    fingerprint: Buffer
    /** JSON; empty while the transaction that claims the key is under way. */
    answer: string
    created_at: Date
  }
}

/** A key as it is stored, and what was asked with it. */
export interface IdempotencyEntry {
  id: Buffer
  fingerprint: Buffer
}

// Kysely<T> is invariant in T; the constraints of the functions below already prove that the table exists.
const plain = <Tables extends IdempotencyTables>(db: Kysely<Tables>) => db as unknown as Kysely<IdempotencyTables>

/** False when another request was first; waits for one whose transaction is under way. */
export async function claimKey<Tables extends IdempotencyTables>(
  tx: Transaction<Tables>,
  entry: IdempotencyEntry & { created_at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await plain(tx)
    .insertInto('idempotency_keys')
    .values({ ...entry, answer: '' })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function storeAnswer<Tables extends IdempotencyTables>(
  tx: Transaction<Tables>,
  id: Buffer,
  answer: string,
): Promise<void> {
  await plain(tx).updateTable('idempotency_keys').set({ answer }).where('id', '=', id).execute()
}

export function findAnswer<Tables extends IdempotencyTables>(db: Kysely<Tables>, id: Buffer) {
  return plain(db)
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'answer'])
    .where('id', '=', id)
    .executeTakeFirst()
}
