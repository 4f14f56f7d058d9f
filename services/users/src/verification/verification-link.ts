import { createHash, randomBytes } from 'node:crypto'
import { seal } from '@rollcall/contracts/seal'
import { addMilliseconds } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import type { Transaction } from 'kysely'
import type { User, UsersDatabase } from '../database/tables.ts'

/** 256 random bits. */
const TOKEN_BYTES = 32

export interface VerificationLink {
  tokenHash: Buffer
  expiresAt: Date
  /** The link for the notifications service alone. */
  sealed: string
}

export interface VerificationLinks {
  create(userId: string, now: Date): Promise<VerificationLink>
  store(tx: Transaction<UsersDatabase>, entry: { link: VerificationLink; user: User }): Promise<void>
}

export interface VerificationLinkOptions {
  publicUrl: string
  notificationsKey: JWK
  lifetimeMs: number
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Makes links of the form `{PUBLIC_URL}/auth/verify-email/{userId}/{token}`; the token itself is kept nowhere. */
export function createVerificationLinks({
  publicUrl,
  notificationsKey,
  lifetimeMs,
}: VerificationLinkOptions): VerificationLinks {
  return {
    async create(userId, now) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const expiresAt = addMilliseconds(now, lifetimeMs)
      const verifyUrl = `${publicUrl}/auth/verify-email/${userId}/${token}`
      const sealed = await seal(notificationsKey, { verifyUrl, expiresAt: expiresAt.toISOString() })
      return { tokenHash: hashToken(token), expiresAt, sealed }
    },
    async store(tx, { link, user }) {
      const row = {
        token_hash: link.tokenHash,
        user_id: user.id,
        purpose: 'verify-email' as const,
        email_key: user.email_key,
        created_at: user.updated_at,
        expires_at: link.expiresAt,
      }
      await tx.insertInto('link_tokens').values(row).execute()
    },
  }
}
