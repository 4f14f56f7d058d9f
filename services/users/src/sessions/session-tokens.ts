import { createHash, randomBytes } from 'node:crypto'
import { addMilliseconds, days } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Transaction } from 'kysely'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { ACCESS_TOKEN_MS, signAccessToken, type TokenSigner } from './access-token.ts'
import { insertRefreshToken, insertSession } from './queries.ts'

/** A session ends then, however often it has been refreshed. */
const SESSION_MS = days(30)

export interface SessionTokens {
  accessToken: string
  tokenType: 'Bearer'
  /** Seconds. */
  expiresIn: number
  refreshToken: string
}

export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

interface Opening {
  userId: string
  now: Date
}

/** Gives the id of a new session. */
export async function openSession(tx: Transaction<UsersDatabase>, { userId, now }: Opening): Promise<string> {
  const id = newId()
  await insertSession(tx, { id, user_id: userId, created_at: now, expires_at: addMilliseconds(now, SESSION_MS) })
  return id
}

/** Stores a new refresh token's hash and gives the token itself, which is kept nowhere else. */
export async function issueRefreshToken(tx: Transaction<UsersDatabase>, sessionId: string, now: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await insertRefreshToken(tx, { tokenHash: hashRefreshToken(token), sessionId, now })
  return token
}

interface Issued {
  user: User
  sessionId: string
  refreshToken: string
  issuedAt: Date
}

export async function toSessionTokens(
  signer: TokenSigner,
  { refreshToken, ...content }: Issued,
): Promise<SessionTokens> {
  const accessToken = await signAccessToken(signer, content)
  return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_MS / 1000, refreshToken }
}
