import type { MailedLink } from '@rollcall/contracts/users'
import type { LinkPurpose } from '../links/purpose.ts'
import { type ConfirmationState, confirmationPath } from './api.ts'

/** The link that proves that somebody reads mails to the address that their account is to have. */
export function confirmationPurpose(lifetimeMs: number): LinkPurpose<ConfirmationState> {
  return {
    name: 'confirm-email',
    lifetimeMs,
    path: confirmationPath,
    states: { ask: 'confirmable', done: 'confirmed' },
    // Who asks for the change adds the address that the mail goes to.
    sealed: (link: MailedLink) => link,
  }
}
