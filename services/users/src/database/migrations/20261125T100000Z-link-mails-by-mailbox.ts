import { type Kysely, sql } from 'kysely'

/** Mails are counted for each purpose and mailbox. Processes of the version before know neither: theirs count for nobody. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('link_mails')
    .addColumn('purpose', 'text', (column) => column.notNull().defaultTo('verify-email'))
    .addColumn('email_key', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await sql`update link_mails set email_key = users.email_key from users where users.id = link_mails.user_id`.execute(
    db,
  )
  await db.schema.createIndex('link_mails_email_key_idx').on('link_mails').columns(['email_key', 'purpose']).execute()
}
