import { isDeepStrictEqual } from 'node:util'
import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { requireMatch } from '@rollcall/http/conditional'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { z } from 'zod'
import { type Actor, mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { profileColumns } from '../accounts/profile.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import { userEtag } from '../accounts/user-resource.ts'
import { nicknameTaken } from '../accounts/with-nickname.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { ProfileBody } from './api.ts'

export interface UpdateProfileDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
}

export interface UpdateProfile {
  userId: string
  by: Actor
  actorId: string
  /** The `If-Match` header, where the change depends on what was read. */
  ifMatch: string | undefined
  profile: z.infer<typeof ProfileBody>
}

/**
 * Changes what somebody says of themselves. What is said already changes nothing and is told nobody.
 *
 * @throws {DomainError} `UserNotFound`, also for somebody out of the actor's reach; `NicknameTaken`, `PreconditionFailed`
 */
export async function updateProfile({ transact, clock }: UpdateProfileDeps, update: UpdateProfile): Promise<User> {
  const { userId, by, actorId, ifMatch, profile } = update
  const now = clock.now()
  try {
    return await transact(async (tx) => {
      const user = await lockUser(tx, userId)
      if (!user || !mayAct('update', user, by)) throw new DomainError('UserNotFound', 'there is no such user')
      if (ifMatch !== undefined) requireMatch(ifMatch, userEtag(user))
      const { fields, changes } = differences(user, profile)
      if (fields.length === 0) return user
      return changeUser(tx, { action: 'update', by, user, changes, data: { userId, actorId, fields }, now })
    })
  } catch (error) {
    if (violatedUniqueConstraint(error) !== 'users_nickname_key') throw error
    throw nicknameTaken()
  }
}

type Field = keyof UpdateProfile['profile']

/** What is another value now, by its names in answers and as columns. */
function differences(user: User, profile: UpdateProfile['profile']) {
  const given = Object.keys(profile) as Field[]
  const fields = given.filter((field) => {
    const [column, value] = Object.entries(columnsOf({ [field]: profile[field] }))[0] ?? []
    return column !== undefined && !isDeepStrictEqual(user[column as keyof User], value)
  })
  const changed = Object.fromEntries(fields.map((field) => [field, profile[field]]))
  return { fields, changes: columnsOf(changed) as Partial<User> }
}

function columnsOf({ nickname, ...profile }: UpdateProfile['profile']) {
  return { ...(nickname === undefined ? {} : { nickname }), ...profileColumns(profile) }
}
