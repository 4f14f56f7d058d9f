/**
 * Consumer groups of mails, by subject: a slow subject does not hold up the others. A group never changes its topics
 * (kafkajs' leader hands its own list to all members, so mixed lists leave partitions unread); a mail whose facts no group
 * of its subject has yet needs a group of its own. `groups.test.ts` pins which topics each has.
 */
export const groups = {
  accounts: 'notifications.mails-accounts',
  tickets: 'notifications.mails-tickets',
} as const

export type GroupName = keyof typeof groups
