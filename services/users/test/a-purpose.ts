import { hours } from '@rollcall/runtime/clock'
import type { LinkPurpose } from '../src/links/purpose.ts'

/** A link of some kind; tests say only what they are about. */
export function aPurpose(changes: Partial<LinkPurpose> = {}): LinkPurpose {
  return {
    name: 'some-purpose',
    lifetimeMs: hours(24),
    path: '/auth/some-purpose/{userId}/{token}',
    sealed: (link) => link,
    states: { ask: 'open', done: 'done' },
    ...changes,
  }
}
