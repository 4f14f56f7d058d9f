import type { RegistrationSnapshot } from '@rollcall/contracts/registrations'
import { keepNewest } from '@rollcall/database/keep-newest'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import type { Kysely } from 'kysely'
import type { ProjectionTables } from './tables.ts'

type Message = ReceivedMessage<typeof RegistrationSnapshot>

/** Keeps who holds a place where, so that a ticket whose registration is gone is not mailed. */
export function projectRegistrations<Tables extends ProjectionTables>(db: Kysely<Tables>) {
  return (messages: Message[]) =>
    keepNewest(db as unknown as Kysely<ProjectionTables>, 'registrations', newestPerSubject(messages).map(toRow))
}

function toRow({ subject, sequence, data }: Message) {
  return {
    id: subject,
    sequence,
    erased: data === null,
    event_id: data?.eventId ?? null,
    attendee_id: data?.attendeeId ?? null,
    status: data?.status ?? null,
  }
}
