import { createHash, randomBytes } from 'node:crypto'
import { seal } from '@rollcall/contracts/seal'
import { addMilliseconds } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import type { LinkPurpose } from './purpose.ts'

/** 256 random bits. */
const TOKEN_BYTES = 32

/** A link that has been made and not been stored yet. */
export interface IssuedLink {
  purpose: LinkPurpose
  tokenHash: Buffer
  expiresAt: Date
  /** The link for the notifications service alone. */
  sealed: string
}

export interface Links {
  /** `also` is sealed beside the link. */
  issue(purpose: LinkPurpose, userId: string, how: { now: Date; also?: object }): Promise<IssuedLink>
}

export interface LinksOptions {
  /** What the links begin with, whatever a request says of its host. */
  publicUrl: string
  notificationsKey: JWK
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Makes links whose token is kept nowhere: only its hash is stored, and only the mail holds it. */
export function createLinks({ publicUrl, notificationsKey }: LinksOptions): Links {
  return {
    async issue(purpose, userId, { now, also = {} }) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const expiresAt = addMilliseconds(now, purpose.lifetimeMs)
      const url = publicUrl + purpose.path.replace('{userId}', userId).replace('{token}', token)
      const content = { ...purpose.sealed({ url, expiresAt: expiresAt.toISOString() }), ...also }
      const sealed = await seal(notificationsKey, content)
      return { purpose, tokenHash: hashToken(token), expiresAt, sealed }
    },
  }
}
