import { expect, it } from 'vitest'
import { groups } from './groups.ts'
import { mails } from './mails.ts'
import { mailGroups } from './subscriptions.ts'

const planDeps = {} as Parameters<typeof mailGroups>[0]

/** What each consumer group reads, for ever. */
const pinned = {
  'notifications.mails-accounts': ['email.verification_requested', 'user.registered'],
  'notifications.mails-tickets': ['ticket.issued'],
}

it('leaves every consumer group its topics', () => {
  const topics = [...mailGroups(planDeps, mails)].map(([group, subscriptions]) => [
    group,
    subscriptions.map(({ definition }) => definition.topic).sort(),
  ])
  const advice =
    'A consumer group never changes its topics: members of two versions would leave partitions unread. Put the mail ' +
    'whose facts are new to a group into a group of its own (mails/groups.ts), and pin that one here as well.'
  expect(Object.fromEntries(topics), advice).toEqual(pinned)
})

it('has no group that nobody is in', () => {
  expect([...mailGroups(planDeps, mails).keys()].sort()).toEqual(Object.values(groups).sort())
})
