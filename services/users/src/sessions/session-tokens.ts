import { createHash, randomBytes } from 'node:crypto'
import { addMilliseconds } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Transaction } from 'kysely'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { ACCESS_TOKEN_MS, signAccessToken, type TokenSigner } from './access-token.ts'
import { type Client, insertRefreshToken, insertSession } from './queries.ts'

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

/** How long sessions last, in milliseconds. */
export interface SessionLife {
  /** However often they are refreshed. */
  absoluteMs: number
  /** Without being refreshed. */
  idleMs: number
}

interface Opening {
  userId: string
  client: Client
  life: SessionLife
  now: Date
}

/** Gives the id of a new session. */
export async function openSession(
  tx: Transaction<UsersDatabase>,
  { userId, client, life, now }: Opening,
): Promise<string> {
  const id = newId()
  const times = { created_at: now, last_used_at: now, expires_at: addMilliseconds(now, life.absoluteMs) }
  await insertSession(tx, { id, user_id: userId, ...times, ...client })
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
