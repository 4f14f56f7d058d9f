import { type Kysely, sql } from 'kysely'

const CATEGORIES = ['company_tour', 'mock_interview', 'guest_lecture', 'workshop', 'meetup', 'conference', 'other']

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('categories')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .execute()
  await sql`insert into categories (name) select unnest(${CATEGORIES}::text[])`.execute(db)

  await db.schema
    .createTable('events')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(1))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('start_at', 'timestamptz', (column) => column.notNull())
    .addColumn('end_at', 'timestamptz', (column) => column.notNull())
    .addColumn('time_zone', 'text', (column) => column.notNull())
    .addColumn('location', 'text', (column) => column.notNull())
    .addColumn('online_url', 'text')
    .addColumn('capacity', 'integer', (column) => column.notNull())
    .addColumn('seats_taken', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('checked_in_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('category', 'text', (column) => column.notNull())
    .addColumn('tags', sql`text[]`, (column) => column.notNull())
    .addColumn('visibility', 'text', (column) => column.notNull().check(sql`visibility in ('public', 'unlisted')`))
    .addColumn('status', 'text', (column) =>
      column.notNull().check(sql`status in ('PENDING', 'PUBLISHED', 'REJECTED', 'CANCELLED')`),
    )
    .addColumn('organizer_id', 'uuid', (column) => column.notNull())
    .addColumn('check_in_opens_minutes', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .addForeignKeyConstraint('events_category_fkey', ['category'], 'categories', ['name'])
    .addCheckConstraint('events_seats_within_capacity', sql`seats_taken between 0 and capacity`)
    .addCheckConstraint('events_checked_in_within_seats', sql`checked_in_count between 0 and seats_taken`)
    .addCheckConstraint('events_end_after_start', sql`end_at > start_at`)
    .execute()
  await sql`create index events_listed_idx on events (start_at, id) where status = 'PUBLISHED' and visibility = 'public'`.execute(
    db,
  )
}
