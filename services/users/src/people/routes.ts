import { created, ok, okWith } from '@rollcall/http/answers'
import { requireMatch } from '@rollcall/http/conditional'
import { DomainError } from '@rollcall/http/errors'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { Kysely } from 'kysely'
import { isInReach, type Staff } from '../accounts/account-actions.ts'
import { findUser } from '../accounts/queries.ts'
import { staffOf } from '../accounts/staff-of.ts'
import type { User } from '../accounts/tables.ts'
import { toUserResource, userEtag } from '../accounts/user-resource.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { type UpdateProfileDeps, updateProfile } from '../profiles/update-profile.ts'
import { type EmailChangeDeps, requestEmailChange } from '../verification/request-email-change.ts'
import { peopleApi } from './api.ts'
import { type CreateUserDeps, createUser } from './create-user.ts'
import { listUsers } from './list-users.ts'
import { type LockUserDeps, lockUser, unlockUser } from './lock-user.ts'

export interface PeopleRouteDeps extends CreateUserDeps, UpdateProfileDeps, EmailChangeDeps, LockUserDeps {
  db: Kysely<UsersDatabase>
  once: Once<UsersDatabase>
}

export function peopleRoutes(deps: PeopleRouteDeps): Route[] {
  const { db, once } = deps
  return implement(peopleApi, {
    async listUsers({ query: { limit, offset, cursor, ...filters }, caller, scope, search }) {
      const by = staffOf(caller, scope)
      const request = { limit, offset, cursor }
      const { sort, found } = listUsers(db, { ...filters, scope: scope === 'all' ? 'all' : 'below' }, request)
      const toItem = (user: User) => toUserResource(user, by)
      return ok(pageOf(await found, { path: '/users', search, request, sort, toItem }))
    },
    async createUser({ body, caller, scope, idempotent }) {
      const by = staffOf(caller, scope)
      return once({
        request: idempotent,
        work: (transact) => createUser({ ...deps, transact }, by, body),
        answer: (user) => created(`/users/${user.id}`, toUserResource(user, by)),
      })
    },
    async getUser({ params, caller, scope }) {
      const by = staffOf(caller, scope)
      const user = await requireUser(db, params.userId, by)
      return okWith({ etag: userEtag(user) }, toUserResource(user, by))
    },
    async updateUser({ params: { userId }, body: { email, ...profile }, caller, scope, headers }) {
      const by = staffOf(caller, scope)
      const change = { userId, by, actorId: caller.id }
      requireMatch(headers['if-match'], userEtag(await requireUser(db, userId, by)))
      const updated = await updateProfile(deps, { ...change, ifMatch: headers['if-match'], profile })
      const user = email === undefined ? updated : await requestEmailChange(deps, { ...change, email })
      return okWith({ etag: userEtag(user) }, toUserResource(user, by))
    },
    async lockUser({ params, body, caller, scope }) {
      const by = staffOf(caller, scope)
      return ok(toUserResource(await lockUser(deps, { ...params, by, reason: body?.reason }), by))
    },
    async unlockUser({ params, body, caller, scope }) {
      const by = staffOf(caller, scope)
      return ok(toUserResource(await unlockUser(deps, { ...params, by, reason: body?.reason }), by))
    },
  })
}

/** @throws {DomainError} `UserNotFound`, also for who is out of reach or erased */
async function requireUser(db: Kysely<UsersDatabase>, id: string, by: Staff): Promise<User> {
  const user = await findUser(db, id)
  if (!user || user.erased_at || !isInReach(user, by)) throw new DomainError('UserNotFound', 'there is no such user')
  return user
}
