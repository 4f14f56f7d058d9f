import { isRefusedToken } from '@rollcall/http/caller'
import { STALE_AFTER_MS, scopeOf } from '@rollcall/http/permissions'
import { unavailable } from '@rollcall/http/refusals'
import { OPS_COOKIE, opsToken } from '@rollcall/http/token-kinds'
import { type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { NotificationsDatabase } from '../database/tables.ts'

export interface OperatorDeps {
  db: Kysely<NotificationsDatabase>
  keys: JWTVerifyGetKey
  issuer: string
  /** Milliseconds since this service last heard of role changes. */
  knowledgeAgeMs(): number
}

/**
 * Whether the cookies of a request open the operators' pages: a token of that kind, of somebody who is an operator or
 * admin now. What the token says of roles does not count.
 *
 * @throws {DomainError} `Unavailable` while the keys can't be fetched, or what is known of roles is stale
 */
export async function isOperator(deps: OperatorDeps, cookies: string | undefined): Promise<boolean> {
  if (deps.knowledgeAgeMs() > STALE_AFTER_MS) throw unavailable('roles cannot be checked right now')
  const token = readCookie(cookies ?? '', OPS_COOKIE)
  const userId = token === undefined ? undefined : await verifiedSubject(deps, token)
  if (userId === undefined) return false
  const person = await deps.db
    .selectFrom('recipients')
    .select(['role', 'operator', 'locked', 'erased'])
    .where('id', '=', userId)
    .executeTakeFirst()
  if (!person || person.locked || person.erased || person.role === null) return false
  const { role, operator } = person
  return scopeOf('operations.read', { role, operator, professional: false }) !== undefined
}

async function verifiedSubject({ keys, issuer }: OperatorDeps, token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: opsToken.audience,
      typ: opsToken.typ,
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat'],
    })
    return z.uuid().safeParse(payload.sub).data
  } catch (error) {
    if (isRefusedToken(error)) return undefined
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
