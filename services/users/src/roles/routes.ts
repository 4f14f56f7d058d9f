import { ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { toUserResource } from '../accounts/user-resource.ts'
import { rolesApi } from './api.ts'
import { type ChangeRoleDeps, changeRole } from './change-role.ts'
import { setOperator } from './set-operator.ts'

export function roleRoutes(deps: ChangeRoleDeps): Route[] {
  return implement(rolesApi, {
    async changeRole({ params, body, caller }) {
      const user = await changeRole(deps, { actorId: caller.id, userId: params.userId, ...body })
      return ok(toUserResource(user, { kind: 'admin', id: caller.id }))
    },
    async setOperator({ params, body, caller }) {
      const user = await setOperator(deps, { actorId: caller.id, ...params, ...body })
      return ok(toUserResource(user, { kind: 'admin', id: caller.id }))
    },
  })
}
