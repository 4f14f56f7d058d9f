import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('registrations')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(1))
    .addColumn('event_id', 'uuid', (column) => column.notNull().references('events.id'))
    .addColumn('attendee_id', 'uuid', (column) => column.notNull())
    .addColumn('status', 'text', (column) =>
      column.notNull().check(sql`status in ('CONFIRMED', 'WAITLISTED', 'CANCELLED')`),
    )
    .addColumn('source', 'text', (column) => column.notNull().check(sql`source in ('online', 'walk_in', 'import')`))
    .addColumn('event_title', 'text', (column) => column.notNull())
    .addColumn('event_start_at', 'timestamptz', (column) => column.notNull())
    .addColumn('ticket_issued_at', 'timestamptz')
    .addColumn('checked_in_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await sql`
    create unique index registrations_active_key on registrations (event_id, attendee_id)
    where status <> 'CANCELLED'`.execute(db)
  await sql`create index registrations_attendee_idx on registrations (attendee_id, created_at)`.execute(db)
  await sql`
    create index registrations_without_ticket_idx on registrations (created_at)
    where ticket_issued_at is null and status = 'CONFIRMED'`.execute(db)

  await db.schema
    .createTable('check_ins')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('registration_id', 'uuid', (column) => column.notNull().references('registrations.id'))
    .addColumn('event_id', 'uuid', (column) => column.notNull().references('events.id'))
    .addColumn('scanned_by', 'uuid', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addUniqueConstraint('check_ins_registration_key', ['registration_id'])
    .execute()
}
