import { accepted, ok } from '@rollcall/http/answers'
import { emailKey } from '@rollcall/http/email-address'
import { implement, type Route } from '@rollcall/http/operation'
import { toUserResource } from '../accounts/user-resource.ts'
import { showLink, showUse } from '../links/follow-link.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import type { LinkRequests } from '../links/requests.ts'
import { type ConfirmDeps, confirmOwner } from '../sessions/confirm-owner.ts'
import { type ConfirmationState, type VerificationState, verificationApi } from './api.ts'
import { type ConfirmEmailDeps, confirmEmail } from './confirm-email.ts'
import { type EmailChangeDeps, requestEmailChange } from './request-email-change.ts'
import { verifyEmail } from './verify-email.ts'

export interface VerificationRouteDeps extends ConfirmDeps, EmailChangeDeps, ConfirmEmailDeps {
  linkRequests: Pick<LinkRequests, 'add'>
  verification: LinkPurpose<VerificationState>
  confirmation: LinkPurpose<ConfirmationState>
}

export function verificationRoutes(deps: VerificationRouteDeps): Route[] {
  const { linkRequests, verification, confirmation } = deps
  return implement(verificationApi, {
    showVerification: (request) => showLink(deps, verification, request),
    verifyEmail: (request) =>
      showUse(verification, request, async () => {
        await verifyEmail(deps, request.params)
        return {}
      }),
    async resendVerification({ body }) {
      await linkRequests.add(verification, emailKey(body.email))
      return accepted
    },
    async changeEmail({ body, caller }) {
      await confirmOwner(deps, caller, body.password)
      const by = { kind: 'owner' } as const
      const user = await requestEmailChange(deps, { userId: caller.id, actorId: caller.id, by, email: body.email })
      return ok(toUserResource(user, by))
    },
    showConfirmation: (request) => showLink(deps, confirmation, request),
    confirmEmail: (request) =>
      showUse(confirmation, request, async () => {
        await confirmEmail(deps, request.params)
        return {}
      }),
  })
}
