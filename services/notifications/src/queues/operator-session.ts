import { unavailable } from '@rollcall/http/problem'
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { NotificationsDatabase } from '../database/tables.ts'

/** Set by users at `/ops/sign-in`. */
const COOKIE = '__Host-rollcall-ops'
const AUDIENCE = 'rollcall-ops'

export interface OperatorDeps {
  db: Kysely<NotificationsDatabase>
  keys: JWTVerifyGetKey
  issuer: string
}

/**
 * Whether the cookies of a request open the operators' pages: a token of that kind, of somebody who is an operator or
 * admin now. What the token says of roles does not count.
 *
 * @throws {DomainError} `Unavailable` while the keys can't be fetched
 */
export async function isOperator(deps: OperatorDeps, cookies: string | undefined): Promise<boolean> {
  const token = readCookie(cookies ?? '', COOKIE)
  const userId = token === undefined ? undefined : await verifiedSubject(deps, token)
  if (userId === undefined) return false
  const person = await deps.db
    .selectFrom('recipients')
    .select(['role', 'operator', 'locked', 'erased'])
    .where('id', '=', userId)
    .executeTakeFirst()
  return person !== undefined && !person.locked && !person.erased && (person.operator || person.role === 'admin')
}

async function verifiedSubject({ keys, issuer }: OperatorDeps, token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: AUDIENCE,
      typ: 'ops+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat'],
    })
    return z.uuid().safeParse(payload.sub).data
  } catch (error) {
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) return undefined
    throw unavailable('sessions cannot be checked right now')
  }
}

/** A cookie's value (RFC 6265); the first where a name comes twice, which `__Host-` prevents. */
function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, ...value] = pair.split('=')
    if (key?.trim() === name) return value.join('=').trim()
  }
  return undefined
}
