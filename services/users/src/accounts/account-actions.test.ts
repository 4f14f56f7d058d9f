import { expect, it } from 'vitest'
import { aUser } from '../../test/a-user.ts'
import { type ActionName, type Actor, accountActions, actionLinks, mayAct } from './account-actions.ts'

const unverified = aUser({ role: 'anonymous', email_verified: false })
const verified = aUser()
const locked = aUser({ locked: true })
const lockedUnverified = aUser({ locked: true, email_verified: false })

const actors: Actor[] = [
  { kind: 'anybody' },
  { kind: 'link' },
  { kind: 'owner' },
  { kind: 'system' },
  { kind: 'admin', id: 'somebody' },
]

it.each<[ActionName, Actor['kind'][], boolean[]]>([
  ['requestVerification', ['anybody'], [true, false, false, false]],
  ['verify', ['link'], [true, false, false, false]],
  ['signIn', ['anybody'], [false, true, false, false]],
  ['endSession', ['owner', 'system'], [true, true, true, true]],
  ['changeRole', ['admin'], [true, true, true, true]],
])(
  'allows %s by %j alone, to an unverified, a verified, a locked and a locked unverified account: %j',
  (name, who, to) => {
    for (const actor of actors) {
      const allowed = [unverified, verified, locked, lockedUnverified].map((user) => mayAct(name, user, actor))
      expect(allowed, actor.kind).toEqual(who.includes(actor.kind) ? to : [false, false, false, false])
    }
  },
)

it('lets nobody change their own role', () => {
  expect(mayAct('changeRole', verified, { kind: 'admin', id: verified.id })).toBe(false)
})

it.each<[string, Actor, ReturnType<typeof aUser>, string[]]>([
  ['somebody who has just signed up', { kind: 'anybody' }, unverified, ['resend-verification']],
  ['somebody who has verified and not signed in', { kind: 'anybody' }, verified, ['login']],
  ['nobody for a locked account', { kind: 'anybody' }, locked, []],
  ['its owner', { kind: 'owner' }, verified, ['logout']],
  ['an admin', { kind: 'admin', id: 'somebody' }, verified, ['change-role']],
  ['an admin for their own account', { kind: 'admin', id: verified.id }, verified, []],
])('offers %s what they may do now', (_, viewer, user, rels) => {
  expect(Object.keys(actionLinks(user, viewer))).toEqual(rels)
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
