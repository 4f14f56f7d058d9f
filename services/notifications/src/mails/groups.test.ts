import { expect, it } from 'vitest'
import { groups, mails } from './mails.ts'
import { mailGroups } from './subscriptions.ts'

const subscribed = mailGroups({} as Parameters<typeof mailGroups>[0], mails)

/** What each consumer group reads, for ever. */
const pinned = {
  'notifications.mails-accounts': ['email.verification_requested', 'user.registered'],
  'notifications.mails-people': [
    'account.locked',
    'account.unlocked',
    'email.change_requested',
    'email.changed',
    'password.changed',
    'password.reset_requested',
    'professional.declined',
    'professional.granted',
    'professional.requested',
    'professional.withdrawn',
    'role.changed',
    'signup.attempted',
    'user.verified',
  ],
  'notifications.mails-events': ['event.published', 'event.rejected', 'event.submitted'],
  'notifications.mails-registrations': ['registration.cancelled', 'registration.waitlisted'],
  'notifications.mails-rescheduled': ['registration.rescheduled'],
  'notifications.mails-tickets': ['ticket.issued'],
}

it('leaves every consumer group its topics', () => {
  const topics = subscribed.map(({ groupId, subscriptions }) => [
    groupId,
    [...new Set(subscriptions.map(({ definition }) => definition.topic))].sort(),
  ])
  const advice =
    'A consumer group never changes its topics: members of two versions would leave partitions unread. Put the mail ' +
    'whose facts are new to a group into a group of its own (mails/mails.ts), and pin that one here as well.'
  expect(Object.fromEntries(topics), advice).toEqual(pinned)
})

it('has no group that nobody is in, and none twice', () => {
  const declared = Object.values(groups).map(({ id }) => id)
  expect(subscribed.map(({ groupId }) => groupId).sort()).toEqual(declared.sort())
  expect(new Set(declared).size).toBe(declared.length)
})

it('begins where its group says', () => {
  expect(subscribed.map(({ groupId, startAt }) => ({ id: groupId, startAt }))).toEqual(
    expect.arrayContaining(Object.values(groups)),
  )
})
