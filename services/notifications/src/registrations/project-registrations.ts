import type { RegistrationSnapshot } from '@rollcall/contracts/registrations'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'

type Message = ReceivedMessage<typeof RegistrationSnapshot>

/** Keeps who holds a place where, so that a ticket whose registration is gone is not mailed. */
export function projectRegistrations(db: Kysely<NotificationsDatabase>) {
  return async (messages: Message[]): Promise<void> => {
    await db
      .insertInto('registrations')
      .values(newestPerSubject(messages).map(toRow))
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(({ ref }) => ({
            sequence: ref('excluded.sequence'),
            erased: ref('excluded.erased'),
            event_id: ref('excluded.event_id'),
            attendee_id: ref('excluded.attendee_id'),
            status: ref('excluded.status'),
          }))
          .whereRef('excluded.sequence', '>', 'registrations.sequence'),
      )
      .execute()
  }
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
