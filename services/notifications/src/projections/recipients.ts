import type { UserSnapshot } from '@rollcall/contracts/users'
import { keepNewest } from '@rollcall/database/keep-newest'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import type { Kysely } from 'kysely'
import type { ProjectionTables } from './tables.ts'

type Message = ReceivedMessage<typeof UserSnapshot>

/** Keeps what is needed to write to people. */
export function projectRecipients<Tables extends ProjectionTables>(db: Kysely<Tables>) {
  return (messages: Message[]) =>
    keepNewest(db as unknown as Kysely<ProjectionTables>, 'recipients', newestPerSubject(messages).map(recipientOf))
}

/** What is kept of somebody; of who is erased, that they are. */
export function recipientOf({ subject, sequence, data }: Pick<Message, 'subject' | 'sequence' | 'data'>) {
  return {
    id: subject,
    sequence,
    erased: data === null,
    email: data?.email ?? null,
    email_verified: data?.emailVerified ?? false,
    nickname: data?.nickname ?? null,
    first_name: data?.firstName ?? null,
    locale: data?.locale ?? null,
    time_zone: data?.timeZone ?? null,
  }
}
