import { noContent } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { staffOf } from '../accounts/staff-of.ts'
import { type ConfirmDeps, confirmOwner } from '../sessions/confirm-owner.ts'
import { erasureApi } from './api.ts'
import { deleteOwnAccount, deleteUser } from './delete-account.ts'

export function erasureRoutes(deps: ConfirmDeps): Route[] {
  return implement(erasureApi, {
    async deleteOwnAccount({ body, caller }) {
      await confirmOwner(deps, caller, body?.password)
      await deleteOwnAccount(deps, caller.id)
      return noContent
    },
    async deleteUser({ params, caller, scope }) {
      await deleteUser(deps, staffOf(caller, scope), params.userId)
      return noContent
    },
  })
}
