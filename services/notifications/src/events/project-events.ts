import type { EventSnapshot } from '@rollcall/contracts/events'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'

type Message = ReceivedMessage<typeof EventSnapshot>

/** Keeps what mails say about an event. */
export function projectEvents(db: Kysely<NotificationsDatabase>) {
  return async (messages: Message[]): Promise<void> => {
    await db
      .insertInto('events')
      .values(newestPerSubject(messages).map(toRow))
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(({ ref }) => ({
            sequence: ref('excluded.sequence'),
            erased: ref('excluded.erased'),
            title: ref('excluded.title'),
            start_at: ref('excluded.start_at'),
            time_zone: ref('excluded.time_zone'),
            location: ref('excluded.location'),
            status: ref('excluded.status'),
          }))
          .whereRef('excluded.sequence', '>', 'events.sequence'),
      )
      .execute()
  }
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
