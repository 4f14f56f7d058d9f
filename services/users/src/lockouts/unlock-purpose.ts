import type { MailedLink } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import type { LinkPurpose } from '../links/purpose.ts'
import { type UnlockState, unlockPath } from './api.ts'

/** The link that ends a lockout. It works each time: whoever keeps an account locked must not use it up for its owner. */
export const unlockPurpose: LinkPurpose<UnlockState> = {
  name: 'unlock',
  lifetimeMs: days(7),
  path: unlockPath,
  reusable: true,
  states: { ask: 'unlockable', done: 'unlocked' },
  sealed: (link): MailedLink => link,
}
