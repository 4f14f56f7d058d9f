import type { VerificationLink } from '@rollcall/contracts/users'
import type { LinkPurpose } from '../links/purpose.ts'

/** The link that proves that somebody reads mails to the address of their account. */
export function verificationPurpose(lifetimeMs: number): LinkPurpose {
  return {
    name: 'verify-email',
    lifetimeMs,
    path: (userId, token) => `/auth/verify-email/${userId}/${token}`,
    sealed: ({ url, expiresAt }): VerificationLink => ({ verifyUrl: url, expiresAt }),
  }
}
