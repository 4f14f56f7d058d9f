import type { Task } from '../task.ts'

const ACCOUNTS = 'services/users/src/accounts'
const EVENTS = 'services/events/src'

/** Users tells that somebody was warned; events hears of it in a group of its own. */
export const factAndReaction: Task = {
  name: 'a fact, and a reaction to it in another service',
  mostFiles: 5,
  plant({ write, insert, replace }) {
    const contract = 'packages/contracts/src/users.ts'
    insert(
      contract,
      '\nexport const userMessages',
      `
export const UserWarned = defineFact({
  ...user,
  type: 'user.warned',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id }),
})
`,
    )
    insert(contract, '  SessionRevoked,\n] as const', '  UserWarned,\n')
    insert(
      `${ACCOUNTS}/account-actions.ts`,
      '} as const satisfies',
      `  warn: {
    who: ['admin'],
    allowed: (user, by) => !user.locked && by.kind === 'admin' && by.id !== user.id,
    change: () => ({ locked: true }),
    edits: true,
    fact: UserWarned,
  },
`,
    )
    replace(`${ACCOUNTS}/account-actions.ts`, '  UserVerified,\n', '  UserVerified,\n  UserWarned,\n')
    write(
      `${ACCOUNTS}/warn-account.ts`,
      `import type { Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { changeUser } from './change-user.ts'
import type { User } from './tables.ts'

/** Warns somebody, and tells of it. */
export function warnAccount(
  tx: Transaction<UsersDatabase>,
  { user, actorId, now }: { user: User; actorId: string; now: Date },
): Promise<User> {
  const data = { userId: user.id, actorId }
  return changeUser(tx, { action: 'warn', by: { kind: 'admin', id: actorId }, user, data, now })
}
`,
    )
    write(
      `${EVENTS}/people/warned-people.ts`,
      `import { UserWarned } from '@rollcall/contracts/users'
import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import type { Logger } from '@rollcall/runtime/logger'

/** Says whose seats somebody may want to look at. */
export function warnedPeopleSubscriptions(log: Logger): Subscription[] {
  const note = on(UserWarned, 'note-warned', async (messages) => {
    for (const { data } of messages) log.info({ userId: data.userId }, 'an attendee may have been warned')
  })
  return [note]
}
`,
    )
    insert(
      `${EVENTS}/app.ts`,
      '  const roles = consume',
      `  consume({ groupId: 'events.warned', subscriptions: warnedPeopleSubscriptions(log), startAt: 'latest' })\n`,
    )
    insert(
      `${EVENTS}/app.ts`,
      'import { openTicketCodes }',
      `import { warnedPeopleSubscriptions } from './people/warned-people.ts'\n`,
    )
  },
  shows: {
    source: `
      import { topicConfigs } from './packages/contracts/src/topics.ts'
      import { mayAct } from './services/users/src/accounts/account-actions.ts'
      import { warnedPeopleSubscriptions } from './services/events/src/people/warned-people.ts'
      const topics = topicConfigs().map(({ topic }) => topic)
      const may = mayAct('warn', { id: 'a', locked: false, erased_at: null }, { kind: 'admin', id: 'b' })
      const [heard] = warnedPeopleSubscriptions().map(({ definition }) => definition.topic)
      console.log(JSON.stringify([topics.includes('user.warned'), may, heard]))`,
    is: [true, true, 'user.warned'],
  },
}
