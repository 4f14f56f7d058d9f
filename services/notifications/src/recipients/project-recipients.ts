import type { UserSnapshot } from '@rollcall/contracts/users'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'

type Message = ReceivedMessage<typeof UserSnapshot>

/** Keeps what is needed to write to people. */
export function projectRecipients(db: Kysely<NotificationsDatabase>) {
  return async (messages: Message[]): Promise<void> => {
    await db
      .insertInto('recipients')
      .values(newestPerSubject(messages).map(toRow))
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(({ ref }) => ({
            sequence: ref('excluded.sequence'),
            erased: ref('excluded.erased'),
            email: ref('excluded.email'),
            nickname: ref('excluded.nickname'),
            first_name: ref('excluded.first_name'),
            locale: ref('excluded.locale'),
            time_zone: ref('excluded.time_zone'),
          }))
          .whereRef('excluded.sequence', '>', 'recipients.sequence'),
      )
      .execute()
  }
}

function toRow({ subject, sequence, data }: Message) {
  return {
    id: subject,
    sequence,
    erased: data === null,
    email: data?.email ?? null,
    nickname: data?.nickname ?? null,
    first_name: data?.firstName ?? null,
    locale: data?.locale ?? null,
    time_zone: data?.timeZone ?? null,
  }
}
