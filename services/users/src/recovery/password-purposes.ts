import type { MailedLink } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import type { LinkPurpose } from '../links/purpose.ts'
import { type PasswordLinkState, resetPath, setPasswordPath } from './api.ts'

const choosing = {
  asksFor: 'new-password',
  states: { ask: 'choosable', done: 'chosen' },
  sealed: (link: MailedLink): MailedLink => link,
} as const

/** A new password for whoever reads the mails of the account's address. */
export function resetPurpose(lifetimeMs: number): LinkPurpose<PasswordLinkState> {
  return { ...choosing, name: 'reset-password', lifetimeMs, path: resetPath }
}

/** The first password of an account that staff have made. */
export const setPasswordPurpose: LinkPurpose<PasswordLinkState> = {
  ...choosing,
  name: 'set-password',
  lifetimeMs: days(7),
  path: setPasswordPath,
}
