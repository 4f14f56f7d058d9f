import type { Kysely } from 'kysely'

/** Frozen: services have applied it. A change is another migration. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('known_users')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('nickname', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('professional', 'boolean', (column) => column.notNull())
    .addColumn('operator', 'boolean', (column) => column.notNull())
    .addColumn('locked', 'boolean', (column) => column.notNull())
    .addColumn('erased', 'boolean', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('ended_sessions')
    .addColumn('session_id', 'uuid', (column) => column.primaryKey())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('ended_sessions_expires_at_idx').on('ended_sessions').column('expires_at').execute()
}
