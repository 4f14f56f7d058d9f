import type { AccessTables } from '@rollcall/access/tables'
import type { Kysely } from 'kysely'

/** A user's public name; null while their snapshot has not come yet. */
export async function findNickname<Tables extends AccessTables>(
  db: Kysely<Tables>,
  userId: string,
): Promise<string | null> {
  // Kysely<T> is invariant in T; the constraint above already proves that the table exists.
  const known = db as unknown as Kysely<AccessTables>
  const user = await known.selectFrom('known_users').select('nickname').where('id', '=', userId).executeTakeFirst()
  return user?.nickname ?? null
}
