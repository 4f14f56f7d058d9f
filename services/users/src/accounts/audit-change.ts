import { isDeepStrictEqual } from 'node:util'
import type { AuditEntry } from '../audit/append-audit.ts'
import type { ActionName, Staff } from './account-actions.ts'
import type { User } from './tables.ts'
import { toUserResource, type UserResource } from './user-resource.ts'

interface StaffChange {
  action: ActionName | 'create'
  by: Staff
  before: User | undefined
  after: User
  reason: string | undefined
  at: Date
}

/** Not what anybody has done: they follow from it. */
const derived: readonly (keyof UserResource)[] = ['_links', 'updatedAt', 'createdAt', 'failedLogins']

/** The log's row for what staff have done to an account: what has another value now, by its names in answers. */
export function auditEntryOf({ action, by, before, after, reason, at }: StaffChange): AuditEntry {
  const entry = {
    actor: { kind: by.kind, id: by.id },
    action: action.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    target: { type: 'user', id: after.id },
    reason,
    at,
  }
  // What an erased person was is not kept anywhere.
  if (after.erased_at) return entry
  const [was, is] = [before && toUserResource(before, by), toUserResource(after, by)]
  const names = (Object.keys(is) as (keyof UserResource)[]).filter(
    (name) => !derived.includes(name) && !isDeepStrictEqual(was?.[name], is[name]),
  )
  const pick = (resource: UserResource) => Object.fromEntries(names.map((name) => [name, resource[name]]))
  return { ...entry, ...(was ? { before: pick(was) } : {}), after: pick(is) }
}
