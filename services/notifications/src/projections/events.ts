import type { EventSnapshot } from '@rollcall/contracts/events'
import { keepNewest } from '@rollcall/database/keep-newest'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import type { Kysely } from 'kysely'
import type { ProjectionTables } from './tables.ts'

type Message = ReceivedMessage<typeof EventSnapshot>

/** Keeps what mails say about an event. */
export function projectEvents<Tables extends ProjectionTables>(db: Kysely<Tables>) {
  return (messages: Message[]) =>
    keepNewest(db as unknown as Kysely<ProjectionTables>, 'events', newestPerSubject(messages).map(toRow))
}

function toRow({ subject, sequence, data }: Message) {
  return {
    id: subject,
    sequence,
    erased: data === null,
    title: data?.title ?? null,
    start_at: data ? new Date(data.startAt) : null,
    time_zone: data?.timeZone ?? null,
    location: data?.location ?? null,
    status: data?.status ?? null,
  }
}
