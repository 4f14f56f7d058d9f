import { addMilliseconds, minutes } from '@rollcall/runtime/clock'
import { type Kysely, sql } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

/** Wrong passwords in a row that end in a lockout. */
export const MOST_FAILURES = 5

/** A process that has died leaves its guesses pending; after this time they are taken for never made. */
const ABANDONED_AFTER_MS = minutes(1)

/** Whose guesses are counted: an account's, those of one browser, or those at an address that nobody has. */
export interface Guessed {
  table: 'users' | 'trusted_browsers' | 'stranger_guesses'
  id: string
}

/**
 * Takes one of the guesses that may be compared now: failures and guesses under way are never more than five together,
 * however many come at once. False when that is not possible; then {@link findLockout} tells why.
 */
export async function takeGuess(db: Kysely<UsersDatabase>, { table, id }: Guessed, now: Date): Promise<boolean> {
  // What is over counts no longer: a lockout with the failures that led to it, and guesses that nobody compares any more.
  const failed = sql`case when locked_until is null then failed_logins else 0 end`
  const abandoned = addMilliseconds(now, -ABANDONED_AFTER_MS)
  const pending = sql`case when guesses_pending_since > ${abandoned} then guesses_pending else 0 end`
  const { numAffectedRows } = await sql`
    update ${sql.table(table)}
    set failed_logins = ${failed}, locked_until = null, guesses_pending = ${pending} + 1, guesses_pending_since = ${now}
    where id = ${id} and (locked_until is null or locked_until <= ${now}) and ${failed} + ${pending} < ${MOST_FAILURES}
  `.execute(db)
  return numAffectedRows === 1n
}

/** When a lockout ends that holds now. */
export async function findLockout(db: Kysely<UsersDatabase>, { table, id }: Guessed, now: Date) {
  const { rows } = await sql<{ locked_until: Date }>`
    select locked_until from ${sql.table(table)} where id = ${id} and locked_until > ${now}`.execute(db)
  return rows[0]?.locked_until
}

const oneLess = sql`guesses_pending = greatest(guesses_pending - 1, 0)`

/** The guess was not compared. */
export async function giveBackGuess(db: Kysely<UsersDatabase>, { table, id }: Guessed): Promise<void> {
  await sql`update ${sql.table(table)} set ${oneLess} where id = ${id}`.execute(db)
}

/** The guess was right: those before it are forgotten. */
export async function noteSuccess(db: Kysely<UsersDatabase>, { table, id }: Guessed): Promise<void> {
  await sql`
    update ${sql.table(table)} set ${oneLess}, failed_logins = 0, lockouts = 0, locked_until = null where id = ${id}
  `.execute(db)
}

interface Failures {
  failed_logins: number
  /** Lockouts in a row before. */
  lockouts: number
}

/** The guess was wrong. Gives where that leads, with the row locked until the transaction ends. */
export async function noteFailure(db: Kysely<UsersDatabase>, { table, id }: Guessed): Promise<Failures | undefined> {
  const { rows } = await sql<Failures>`
    update ${sql.table(table)} set ${oneLess}, failed_logins = failed_logins + 1 where id = ${id}
    returning failed_logins, lockouts`.execute(db)
  return rows[0]
}

/** A lockout that is nobody's to be told of. */
export async function setLockout(db: Kysely<UsersDatabase>, { table, id }: Guessed, until: Date): Promise<void> {
  await sql`
    update ${sql.table(table)} set locked_until = ${until}, lockouts = lockouts + 1 where id = ${id}`.execute(db)
}

/** Makes sure that guesses at an address that nobody has are counted. */
export async function addStranger(db: Kysely<UsersDatabase>, id: string, now: Date): Promise<void> {
  await sql`
    insert into stranger_guesses (id, touched_at) values (${id}, ${now})
    on conflict (id) do update set touched_at = ${now}`.execute(db)
}
