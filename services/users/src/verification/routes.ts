import { accepted } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import { emailKey } from '../accounts/email-address.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { showLink, showUse } from '../links/follow-link.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import type { LinkRequests } from '../links/requests.ts'
import { type VerificationState, verificationApi } from './api.ts'
import { verifyEmail } from './verify-email.ts'

export interface VerificationRouteDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  linkRequests: Pick<LinkRequests, 'add'>
  verification: LinkPurpose<VerificationState>
}

export function verificationRoutes(deps: VerificationRouteDeps): Route[] {
  const { linkRequests, verification } = deps
  return implement(verificationApi, {
    showVerification: (request) => showLink(deps, verification, request),
    verifyEmail: (request) => showUse(verification, request, () => verifyEmail(deps, request.params)),
    async resendVerification({ body }) {
      await linkRequests.add(verification, emailKey(body.email))
      return accepted
    },
  })
}
