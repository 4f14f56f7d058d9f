import { roles } from '@rollcall/contracts/roles'
import { newId } from '@rollcall/runtime/ids'
import { expect, it } from 'vitest'
import type { Caller } from './caller.ts'
import { authorize, isOpen, type Permission, permissions, scopeOf } from './permissions.ts'

const caller = (changes: Partial<Caller>): Caller => ({
  id: newId(),
  sessionId: newId(),
  role: 'authenticated',
  professional: false,
  operator: false,
  ...changes,
})

const table: Record<Permission, (string | undefined)[]> = {
  public: ['own', 'own', 'own', 'own', 'own'],
  'events.browse': ['own', 'own', 'own', 'own', 'own'],
  'account.own': [undefined, 'own', 'own', 'own', 'own'],
  'registrations.own': [undefined, 'own', 'own', 'own', 'own'],
  'events.propose': [undefined, undefined, 'own', 'all', 'all'],
  'events.manage': [undefined, undefined, 'own', 'all', 'all'],
  'events.decide': [undefined, undefined, undefined, 'all', 'all'],
  'categories.edit': [undefined, undefined, undefined, undefined, 'all'],
  'profiles.browse': ['own', 'own', 'own', 'own', 'own'],
  'users.manage': [undefined, undefined, undefined, 'below', 'all'],
  'users.decide-professional': [undefined, undefined, undefined, 'below', 'all'],
  'users.change-operator': [undefined, undefined, undefined, undefined, 'all'],
  'audit.read': [undefined, undefined, undefined, undefined, 'all'],
  'users.change-role': [undefined, undefined, undefined, undefined, 'all'],
  'operations.read': [undefined, undefined, undefined, undefined, 'all'],
  'operations.leave': ['own', 'own', 'own', 'own', 'own'],
}

it.each(Object.keys(permissions) as Permission[])('gives %s to each role as the product says', (permission) => {
  expect(roles.map((role) => scopeOf(permission, caller({ role })))).toEqual(table[permission])
})

it('lets a professional propose events as an organizer does', () => {
  expect(scopeOf('events.propose', caller({ professional: true }))).toBe('own')
  expect(scopeOf('events.propose', caller({ professional: true, role: 'manager' }))).toBe('all')
})

it('tells from the table which permissions need no sign-in', () => {
  const open = (Object.keys(permissions) as Permission[]).filter(isOpen)
  expect(open).toEqual(['public', 'events.browse', 'profiles.browse', 'operations.leave'])
})

it('asks a stranger to sign in, and refuses who lacks the permission', () => {
  expect(authorize('account.own', undefined, 0)).toEqual({ denied: 'not-signed-in' })
  expect(authorize('events.propose', caller({}), 0)).toEqual({ denied: 'not-allowed' })
})

it('stops staff, and nobody else, while what is known of roles is older than a minute', () => {
  const manager = caller({ role: 'manager' })
  expect(authorize('events.manage', manager, 60_001)).toEqual({ denied: 'roles-stale' })
  expect(authorize('events.manage', manager, 59_999)).toEqual({ scope: 'all' })
  expect(authorize('registrations.own', caller({}), 3_600_000)).toEqual({ scope: 'own' })
})
