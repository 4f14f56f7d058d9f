import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(1))
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('email_key', 'text', (column) => column.notNull())
    .addColumn('nickname', 'text', (column) => column.notNull())
    .addColumn('first_name', 'text')
    .addColumn('last_name', 'text')
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('time_zone', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) =>
      column.notNull().check(sql`role in ('anonymous', 'authenticated', 'organizer', 'manager', 'admin')`),
    )
    .addColumn('professional', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('operator', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('email_verified', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('locked', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('last_login_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await sql`create unique index users_email_key on users (email_key)`.execute(db)
  await sql`create unique index users_nickname_key on users (lower(nickname))`.execute(db)

  await db.schema
    .createTable('first_account')
    .addColumn('singleton', 'boolean', (column) => column.primaryKey().defaultTo(true).check(sql`singleton`))
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('users.id'))
    .execute()

  await db.schema
    .createTable('link_tokens')
    .addColumn('token_hash', 'bytea', (column) => column.primaryKey())
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('email_key', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .addColumn('used_at', 'timestamptz')
    .execute()
  await db.schema.createIndex('link_tokens_user_id_idx').on('link_tokens').column('user_id').execute()

  await db.schema
    .createTable('link_mails')
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('requested_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('link_mails_user_id_idx').on('link_mails').columns(['user_id', 'requested_at']).execute()
}
