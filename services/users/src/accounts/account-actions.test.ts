import { expect, it } from 'vitest'
import { aUser } from '../../test/a-user.ts'
import { type ActionName, type Actor, accountActions, actionLinks, mayAct } from './account-actions.ts'

const accounts = {
  unverified: aUser({ role: 'anonymous', email_verified: false }),
  verified: aUser(),
  locked: aUser({ locked: true }),
  'locked out': aUser({ locked_until: new Date('2027-01-01T10:15:00Z') }),
  professional: aUser({ professional: true }),
  manager: aUser({ role: 'manager' }),
  erased: aUser({ erased_at: new Date('2027-01-01T10:15:00Z') }),
}
type Account = keyof typeof accounts

const actors: Actor[] = [
  { kind: 'anybody' },
  { kind: 'link' },
  { kind: 'owner' },
  { kind: 'system' },
  { kind: 'manager', id: 'somebody' },
  { kind: 'admin', id: 'somebody' },
]

const everybody: Account[] = ['unverified', 'verified', 'locked', 'locked out', 'professional', 'manager']
const notLocked: Account[] = ['unverified', 'verified', 'locked out', 'professional', 'manager']
const signedUp: Account[] = ['verified', 'locked', 'locked out', 'professional', 'manager']

const expected: Partial<Record<ActionName, [Actor['kind'][], Account[]]>> = {
  noteSignUpAttempt: [['anybody'], notLocked],
  requestVerification: [['anybody'], ['unverified']],
  verify: [['link'], ['unverified']],
  signIn: [['anybody'], ['verified', 'locked out', 'professional', 'manager']],
  endSession: [['owner', 'system'], everybody],
  update: [['owner', 'manager', 'admin'], everybody],
  requestEmailChange: [['owner', 'manager', 'admin'], signedUp],
  changeEmail: [['link'], []],
  requestPasswordReset: [['anybody'], notLocked],
  changePassword: [['owner'], everybody],
  resetPassword: [['link'], notLocked],
  lockOut: [['system'], everybody],
  endLockout: [['link'], ['locked out']],
  lock: [['manager', 'admin'], notLocked],
  unlock: [
    ['manager', 'admin'],
    ['locked', 'locked out'],
  ],
  changeRole: [['admin'], everybody],
  grantOperator: [['admin'], everybody],
  withdrawOperator: [['admin'], []],
  requestProfessional: [['owner'], ['verified', 'locked', 'locked out', 'manager']],
  grantProfessional: [
    ['manager', 'admin'],
    ['unverified', 'verified', 'locked', 'locked out', 'manager'],
  ],
  withdrawProfessional: [['manager', 'admin'], ['professional']],
  declineProfessional: [
    ['manager', 'admin'],
    ['unverified', 'verified', 'locked', 'locked out', 'manager'],
  ],
  erase: [['owner', 'system', 'manager', 'admin'], everybody],
}

it.each(Object.entries(expected))('allows %s as its row says, and never to an erased account', (name, [who, to]) => {
  for (const actor of actors) {
    const allowed = (Object.keys(accounts) as Account[]).filter((account) =>
      mayAct(name as ActionName, accounts[account], actor),
    )
    // A manager reaches those below manager only.
    const reached = actor.kind === 'manager' ? to.filter((account) => account !== 'manager') : to
    expect(allowed, actor.kind).toEqual(who.includes(actor.kind) ? reached : [])
  }
})

it.each(['changeRole', 'lock', 'erase', 'grantProfessional'] as const)('lets no admin do %s to themselves', (name) => {
  const { verified } = accounts
  expect(mayAct(name, verified, { kind: 'admin', id: verified.id })).toBe(false)
})

it('confirms another address only where one waits for it', () => {
  const waiting = aUser({ pending_email: 'new@example.org', pending_email_key: 'new@example.org' })
  expect(mayAct('changeEmail', waiting, { kind: 'link' })).toBe(true)
})

const own = ['logout', 'update', 'change-email', 'change-password', 'request-professional', 'delete']
const byManager = ['update', 'change-email', 'lock', 'grant-professional', 'delete']

it.each<[string, Actor, ReturnType<typeof aUser>, string[]]>([
  ['somebody who has just signed up', { kind: 'anybody' }, accounts.unverified, ['resend-verification']],
  ['somebody who has verified and not signed in', { kind: 'anybody' }, accounts.verified, ['login']],
  ['nobody for a locked account', { kind: 'anybody' }, accounts.locked, []],
  ['its owner', { kind: 'owner' }, accounts.verified, own],
  ['a manager', { kind: 'manager', id: 'somebody' }, accounts.verified, byManager],
  ['a manager for a manager', { kind: 'manager', id: 'somebody' }, accounts.manager, []],
])('offers %s what they may do now', (_, viewer, user, rels) => {
  expect(Object.keys(actionLinks(user, viewer)).sort()).toEqual(rels.toSorted())
})

it.each([
  ['anonymous', 'authenticated'],
  ['authenticated', 'authenticated'],
  ['organizer', 'organizer'],
  ['manager', 'manager'],
  ['admin', 'admin'],
] as const)('R2: makes %s %s when the address is verified', (before, after) => {
  expect(accountActions.verify.change(aUser({ role: before }))).toEqual({ email_verified: true, role: after })
})
