import type { VerificationLink } from '@rollcall/contracts/users'
import type { LinkPurpose } from '../links/purpose.ts'
import { type VerificationState, verificationPath } from './api.ts'

/** The link that proves that somebody reads mails to the address of their account. */
export function verificationPurpose(lifetimeMs: number): LinkPurpose<VerificationState> {
  return {
    name: 'verify-email',
    lifetimeMs,
    path: verificationPath,
    sealed: ({ url, expiresAt }): VerificationLink => ({ verifyUrl: url, expiresAt }),
    states: { ask: 'verifiable', done: 'verified' },
  }
}
