import { SessionRevoked, UserSnapshot } from '@rollcall/contracts/users'
import { keepNewest } from '@rollcall/database/keep-newest'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import { on, project, type Subscription } from '@rollcall/messaging/subscriptions'
import { eraseKept } from '@rollcall/outbox/erase'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { Insertable, Kysely } from 'kysely'
import { insertEndedSessions } from './queries.ts'
import type { AccessTables } from './tables.ts'

/** Who may do what follows users within a second, without asking their service; who is erased leaves nothing behind. */
export function accessSubscriptions(db: Kysely<AccessTables & OutboxTables>): Subscription[] {
  const access = db as unknown as Kysely<AccessTables>
  return [
    project(UserSnapshot, async (messages) => {
      const users = newestPerSubject(messages).map(toKnownUser)
      await keepNewest(access, 'known_users', users)
      await eraseKept(
        db,
        users.filter(({ erased }) => erased).map(({ id }) => id),
      )
    }),
    on(SessionRevoked, 'ended-sessions', async (messages) => {
      const sessions = messages.map(({ data }) => ({
        session_id: data.sessionId,
        expires_at: new Date(data.expiresAt),
      }))
      await insertEndedSessions(access, sessions)
    }),
  ]
}

function toKnownUser({
  subject,
  sequence,
  data,
}: ReceivedMessage<typeof UserSnapshot>): Insertable<AccessTables['known_users']> {
  return {
    id: subject,
    sequence,
    nickname: data?.nickname ?? '',
    role: data?.role ?? 'anonymous',
    professional: data?.professional ?? false,
    operator: data?.operator ?? false,
    locked: data?.locked ?? false,
    erased: data === null,
  }
}
