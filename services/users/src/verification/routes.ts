import { accepted, ok, pageAnswer } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import { emailKey } from '../accounts/email-address.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { invalidToken, withDeadLinkPage } from '../links/dead-link-page.ts'
import { hashToken } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { isLinkUsable } from '../links/queries.ts'
import type { LinkRequests } from '../links/requests.ts'
import { verificationApi } from './api.ts'
import { verifiedPage, verifyPage } from './pages.ts'
import { verifyEmail } from './verify-email.ts'

export interface VerificationRouteDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  linkRequests: Pick<LinkRequests, 'add'>
  verification: LinkPurpose
}

export function verificationRoutes(deps: VerificationRouteDeps): Route[] {
  const { db, clock, linkRequests, verification } = deps
  return implement(verificationApi, {
    showVerification({ params, wantsHtml }) {
      return withDeadLinkPage(wantsHtml, async () => {
        const { userId, token } = params
        const use = { userId, purpose: verification, tokenHash: hashToken(token), now: clock.now() }
        if (!(await isLinkUsable(db, use))) throw invalidToken()
        return wantsHtml ? pageAnswer(verifyPage()) : ok({ state: 'verifiable' as const })
      })
    },
    verifyEmail({ params, wantsHtml }) {
      return withDeadLinkPage(wantsHtml, async () => {
        await verifyEmail(deps, params)
        return wantsHtml ? pageAnswer(verifiedPage()) : ok({ state: 'verified' as const })
      })
    },
    async resendVerification({ body }) {
      await linkRequests.add(verification, emailKey(body.email))
      return accepted
    },
  })
}
