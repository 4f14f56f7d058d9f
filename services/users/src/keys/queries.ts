import { type Insertable, type Kysely, sql } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

/** Those that sign last first. */
export function listKeys(db: Kysely<UsersDatabase>) {
  return db
    .selectFrom('signing_keys')
    .select(['kid', 'public_jwk', 'sealed_private_jwk', 'created_at', 'signs_from'])
    .orderBy('signs_from', 'desc')
    .orderBy('kid')
    .execute()
}

/** Stores a key unless there is one: of many processes that start at once, one succeeds. */
export async function insertFirstKey(db: Kysely<UsersDatabase>, key: Insertable<UsersDatabase['signing_keys']>) {
  await db.transaction().execute(async (tx) => {
    await sql`lock table signing_keys in exclusive mode`.execute(tx)
    const existing = await tx.selectFrom('signing_keys').select('kid').limit(1).executeTakeFirst()
    if (!existing) await tx.insertInto('signing_keys').values(key).execute()
  })
}

export async function insertKey(
  db: Kysely<UsersDatabase>,
  key: Insertable<UsersDatabase['signing_keys']>,
): Promise<void> {
  await db.insertInto('signing_keys').values(key).execute()
}

export async function deleteKeys(db: Kysely<UsersDatabase>, kids: readonly string[]): Promise<void> {
  if (kids.length > 0)
    await db
      .deleteFrom('signing_keys')
      .where('kid', 'in', [...kids])
      .execute()
}
