import type { VerificationLink } from '@rollcall/contracts/users'
import { html } from '@rollcall/http/page'
import type { LinkPurpose } from '../links/purpose.ts'
import { type VerificationState, verificationPath } from './api.ts'

/** The link that proves that somebody reads mails to the address of their account. */
export function verificationPurpose(lifetimeMs: number): LinkPurpose<VerificationState> {
  return {
    name: 'verify-email',
    lifetimeMs,
    path: verificationPath,
    sealed: ({ url, expiresAt }): VerificationLink => ({ verifyUrl: url, expiresAt }),
    ask: {
      state: 'verifiable',
      title: 'Verify your e-mail address',
      content: html`<p>One click, and your account is ready.</p><form method="post"><button>Verify my address</button></form>`,
    },
    done: { state: 'verified', title: 'Your address is verified', content: html`<p>You can sign in now.</p>` },
  }
}
