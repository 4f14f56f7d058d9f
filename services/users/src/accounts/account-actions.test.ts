import { expect, it } from 'vitest'
import { aUser } from '../../test/a-user.ts'
import { type ActionName, accountActions, actionOf } from './account-actions.ts'

const unverified = aUser({ role: 'anonymous', email_verified: false })
const verified = aUser()
const locked = aUser({ locked: true })
const lockedUnverified = aUser({ locked: true, email_verified: false })

it.each<[ActionName, boolean[]]>([
  ['requestVerification', [true, false, false, false]],
  ['verify', [true, false, false, false]],
  ['signIn', [false, true, false, false]],
  ['endSession', [true, true, true, true]],
  ['changeRole', [true, true, true, true]],
])('allows %s to an unverified, a verified, a locked and a locked unverified account: %j', (name, allowed) => {
  const accounts = [unverified, verified, locked, lockedUnverified]
  expect(accounts.map((user) => actionOf(name).allowed(user, 'somebody'))).toEqual(allowed)
})

it('lets nobody change their own role', () => {
  expect(accountActions.changeRole.allowed(verified, verified.id)).toBe(false)
})

it.each([
  ['anonymous', 'authenticated'],
  ['authenticated', 'authenticated'],
  ['organizer', 'organizer'],
  ['manager', 'manager'],
  ['admin', 'admin'],
] as const)('makes %s %s when the address is verified', (before, after) => {
  expect(accountActions.verify.change(aUser({ role: before }))).toEqual({ email_verified: true, role: after })
})
