import { html } from '@rollcall/http/page'
import { hours } from '@rollcall/runtime/clock'
import type { LinkPurpose } from '../src/links/purpose.ts'

/** A link of some kind; tests say only what they are about. */
export function aPurpose(changes: Partial<LinkPurpose> = {}): LinkPurpose {
  return {
    name: 'some-purpose',
    lifetimeMs: hours(24),
    path: '/auth/some-purpose/{userId}/{token}',
    sealed: (link) => link,
    ask: { state: 'open', title: 'May I?', content: html`<p>May I?</p>` },
    done: { state: 'done', title: 'Done', content: html`<p>Done.</p>` },
    ...changes,
  }
}
