import { accepted, ok } from '@rollcall/http/answers'
import { emailKey } from '@rollcall/http/email-address'
import { implement, type OperationRequest, type Route } from '@rollcall/http/operation'
import { toUserResource } from '../accounts/user-resource.ts'
import { showLink, showUse } from '../links/follow-link.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import type { LinkRequests } from '../links/requests.ts'
import { type PasswordLinkState, recoveryApi } from './api.ts'
import { type ChangePasswordDeps, changePassword } from './change-password.ts'
import { type ChoosePasswordDeps, choosePassword } from './choose-password.ts'

export interface RecoveryRouteDeps extends ChoosePasswordDeps, ChangePasswordDeps {
  linkRequests: Pick<LinkRequests, 'add'>
  reset: LinkPurpose<PasswordLinkState>
  setPassword: LinkPurpose<PasswordLinkState>
}

type Chosen = OperationRequest<typeof recoveryApi.resetPassword | typeof recoveryApi.setPassword>

export function recoveryRoutes(deps: RecoveryRouteDeps): Route[] {
  const { reset, setPassword, linkRequests } = deps
  const choose = (request: Chosen, purpose: LinkPurpose<PasswordLinkState>, how: 'reset' | 'set') =>
    showUse(purpose, request, async () => {
      await choosePassword(deps, request.params, { purpose, how, password: request.body.password })
      return {}
    })
  return implement(recoveryApi, {
    async forgotPassword({ body }) {
      await linkRequests.add(reset, emailKey(body.email))
      return accepted
    },
    showReset: (request) => showLink(deps, reset, request),
    resetPassword: (request) => choose(request, reset, 'reset'),
    showSetPassword: (request) => showLink(deps, setPassword, request),
    setPassword: (request) => choose(request, setPassword, 'set'),
    async changePassword({ body, caller }) {
      return ok(toUserResource(await changePassword(deps, { caller, ...body }), { kind: 'owner' }))
    },
  })
}
