import { createHash, randomBytes } from 'node:crypto'
import { addMilliseconds, days } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { Kysely, Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

/** `__Host-` ties it to this very host, over a connection that the browser takes for secure. */
const COOKIE = '__Host-rollcall-browser'

const TRUSTED_MS = days(90)

const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** Trusts the browser that the answer goes to. Gives its `Set-Cookie`. */
export async function trustBrowser(tx: Transaction<UsersDatabase>, userId: string, now: Date): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  const times = { created_at: now, expires_at: addMilliseconds(now, TRUSTED_MS) }
  await tx
    .insertInto('trusted_browsers')
    .values({ id: newId(), user_id: userId, token_hash: hashOf(value), ...times })
    .execute()
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict', maxAge: TRUSTED_MS / 1000 } as const
  return stringifySetCookie({ name: COOKIE, value, ...attributes })
}

/** The id under which a trusted browser's guesses at this account are counted. */
export async function findTrustedBrowser(
  db: Kysely<UsersDatabase>,
  { userId, cookies, now }: { userId: string; cookies: string | undefined; now: Date },
): Promise<string | undefined> {
  const value = parseCookie(cookies ?? '')[COOKIE]
  if (!value) return undefined
  const found = await db
    .selectFrom('trusted_browsers')
    .select('id')
    .where('token_hash', '=', hashOf(value))
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return found?.id
}
