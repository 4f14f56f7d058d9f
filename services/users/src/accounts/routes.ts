import { accepted, created, ok } from '@rollcall/http/answers'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import { unauthenticated } from '@rollcall/http/refusals'
import { negotiateLanguage } from '@rollcall/i18n/negotiate'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { accountsApi } from './api.ts'
import { findUser } from './queries.ts'
import { type RegisterUserDeps, registerUser } from './register-user.ts'
import { toUserResource } from './user-resource.ts'

export interface AccountRouteDeps extends Omit<RegisterUserDeps, 'transact'> {
  db: Kysely<UsersDatabase>
  once: Once<UsersDatabase>
}

export function accountRoutes(deps: AccountRouteDeps): Route[] {
  return implement(accountsApi, {
    registerUser({ body, headers, idempotent }) {
      const locale = negotiateLanguage({ acceptLanguage: headers['accept-language'] })
      return deps.once({
        request: idempotent,
        work: (transact) => registerUser({ ...deps, transact }, { ...body, locale: body.locale ?? locale }),
        answer: (user) => (user ? created('/auth/me', toUserResource(user, { kind: 'anybody' })) : accepted),
      })
    },
    async getMe({ caller }) {
      const user = await findUser(deps.db, caller.id)
      if (!user) throw unauthenticated('the account does not exist any more')
      return ok(toUserResource(user, { kind: 'owner' }))
    },
  })
}
