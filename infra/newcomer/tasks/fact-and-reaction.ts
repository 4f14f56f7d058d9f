import type { Task } from '../task.ts'

const ACCOUNTS = 'services/users/src/accounts'
const EVENTS = 'services/events/src'

/** Users tells that an account was locked; events hears of it in a group of its own. */
export const factAndReaction: Task = {
  name: 'a fact, and a reaction to it in another service',
  mostFiles: 5,
  plant({ write, insert, replace }) {
    const contract = 'packages/contracts/src/users.ts'
    insert(
      contract,
      '\nexport const userMessages',
      `
export const UserLocked = defineFact({
  ...user,
  type: 'user.locked',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id }),
})
`,
    )
    insert(contract, '  SessionRevoked,\n] as const', '  UserLocked,\n')
    insert(
      `${ACCOUNTS}/account-actions.ts`,
      '} as const satisfies',
      `  lock: {
    who: ['admin'],
    allowed: (user, by) => !user.locked && by.kind === 'admin' && by.id !== user.id,
    change: () => ({ locked: true }),
    edits: true,
    fact: UserLocked,
  },
`,
    )
    replace(`${ACCOUNTS}/account-actions.ts`, '  UserLoggedIn,\n', '  UserLocked,\n  UserLoggedIn,\n')
    write(
      `${ACCOUNTS}/lock-account.ts`,
      `import type { Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { changeUser } from './change-user.ts'
import type { User } from './tables.ts'

/** Locks an account, and tells of it. */
export function lockAccount(
  tx: Transaction<UsersDatabase>,
  { user, actorId, now }: { user: User; actorId: string; now: Date },
): Promise<User> {
  const data = { userId: user.id, actorId }
  return changeUser(tx, { action: 'lock', by: { kind: 'admin', id: actorId }, user, data, now })
}
`,
    )
    write(
      `${EVENTS}/people/locked-people.ts`,
      `import { UserLocked } from '@rollcall/contracts/users'
import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import type { Logger } from '@rollcall/runtime/logger'

/** Says whose seats somebody may want to look at. */
export function lockedPeopleSubscriptions(log: Logger): Subscription[] {
  const note = on(UserLocked, 'note-locked', async (messages) => {
    for (const { data } of messages) log.info({ userId: data.userId }, 'an attendee may have been locked')
  })
  return [note]
}
`,
    )
    insert(
      `${EVENTS}/app.ts`,
      '  const roles = consume',
      `  consume({ groupId: 'events.locked', subscriptions: lockedPeopleSubscriptions(log), startAt: 'latest' })\n`,
    )
    insert(
      `${EVENTS}/app.ts`,
      'import { createTicketCodes }',
      `import { lockedPeopleSubscriptions } from './people/locked-people.ts'\n`,
    )
  },
  shows: {
    source: `
      import { topicConfigs } from './packages/contracts/src/topics.ts'
      import { mayAct } from './services/users/src/accounts/account-actions.ts'
      import { lockedPeopleSubscriptions } from './services/events/src/people/locked-people.ts'
      const topics = topicConfigs().map(({ topic }) => topic)
      const may = mayAct('lock', { id: 'a', locked: false }, { kind: 'admin', id: 'b' })
      const [heard] = lockedPeopleSubscriptions().map(({ definition }) => definition.topic)
      console.log(JSON.stringify([topics.includes('user.locked'), may, heard]))`,
    is: [true, true, 'user.locked'],
  },
}
