import { type Kysely, sql } from 'kysely'

/**
 * Who may see the operators' pages is what `known_users` says: nobody writes role, operator and locked here any more. The
 * columns stay for as long as processes of the version before may run, which do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recipients
      drop constraint recipients_erased_check,
      add constraint recipients_erased_check check (
        case when erased then num_nonnulls(email, nickname, first_name, locale, time_zone) = 0
        else num_nulls(email, nickname, locale, time_zone) = 0 end)
  `.execute(db)
}
