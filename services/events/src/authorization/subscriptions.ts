import { SessionRevoked, UserSnapshot } from '@rollcall/contracts/users'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import { on, project, type Subscription } from '@rollcall/messaging/subscriptions'
import type { Insertable, Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { insertEndedSessions, upsertKnownUsers } from './queries.ts'

/** Who may do what in this service follows users within a second, without asking theirs. */
export function authorizationSubscriptions(db: Kysely<EventsDatabase>): Subscription[] {
  return [
    project(UserSnapshot, async (messages) => {
      await upsertKnownUsers(db, newestPerSubject(messages).map(toKnownUser))
    }),
    on(SessionRevoked, 'ended-sessions', async (messages) => {
      const sessions = messages.map(({ data }) => ({
        session_id: data.sessionId,
        expires_at: new Date(data.expiresAt),
      }))
      await insertEndedSessions(db, sessions)
    }),
  ]
}

function toKnownUser({
  subject,
  sequence,
  data,
}: ReceivedMessage<typeof UserSnapshot>): Insertable<EventsDatabase['known_users']> {
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
