import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'

/** Notes under `category` that there is none of this name. */
export async function requireCategory(
  db: Kysely<EventsDatabase>,
  name: string,
  problems: Record<string, string>,
): Promise<void> {
  const row = await db.selectFrom('categories').select('name').where('name', '=', name).executeTakeFirst()
  if (!row) problems['category'] = 'is not one of the declared categories'
}

export function listCategories(db: Kysely<EventsDatabase>): Promise<{ name: string }[]> {
  return db.selectFrom('categories').select('name').orderBy('name').execute()
}

/** Does nothing where there is one of this name. */
export async function insertCategory(db: Kysely<EventsDatabase>, name: string): Promise<void> {
  await db
    .insertInto('categories')
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Does nothing where there is none. @throws a violation of `events_category_fkey` while events have it */
export async function removeCategory(db: Kysely<EventsDatabase>, name: string): Promise<void> {
  await db.deleteFrom('categories').where('name', '=', name).execute()
}

/** Tags of what everybody may find, that begin so, with how many events have each: the most used first. */
export async function listTags(
  db: Kysely<EventsDatabase>,
  { prefix, limit }: { prefix: string; limit: number },
): Promise<{ name: string; count: number }[]> {
  const { rows } = await sql<{ name: string; count: number }>`
    select tag as name, count(*) as count from events, unnest(tags) as tag
    where status = 'PUBLISHED' and visibility = 'public' and starts_with(tag, ${prefix})
    group by tag order by count desc, tag limit ${limit}`.execute(db)
  return rows
}
