import { UserSnapshot } from '@rollcall/contracts/users'
import { keepNewest } from '@rollcall/database/keep-newest'
import { emailKey } from '@rollcall/http/email-address'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { newestPerSubject } from '@rollcall/messaging/newest-per-subject'
import { project, type Subscription } from '@rollcall/messaging/subscriptions'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { eraseGuestsOf } from './queries.ts'

export interface ProvenAddress {
  userId: string
  emailKey: string
}

interface PeopleDeps {
  db: Kysely<EventsDatabase>
  /** Hears of each account that has proven its address, again each time it is told of. */
  proven(address: ProvenAddress): Promise<void>
}

/** Keeps who people are; whoever is erased leaves nothing but the id. */
export function peopleSubscriptions({ db, proven }: PeopleDeps): Subscription[] {
  return [
    project(UserSnapshot, async (messages) => {
      const people = newestPerSubject(messages).map(toPerson)
      await keepNewest(db, 'people', people)
      const erased = people.filter((person) => person.erased).map(({ id }) => id)
      await eraseGuestsOf(db, erased)
      for (const { id, email_key, email_verified } of people) {
        if (email_key !== null && email_verified) await proven({ userId: id, emailKey: email_key })
      }
    }),
  ]
}

function toPerson({ subject, sequence, data }: ReceivedMessage<typeof UserSnapshot>) {
  return {
    id: subject,
    sequence,
    erased: data === null,
    nickname: data?.nickname ?? null,
    first_name: data?.firstName ?? null,
    last_name: data?.lastName ?? null,
    email: data?.email ?? null,
    email_key: data ? emailKey(data.email) : null,
    email_verified: data?.emailVerified ?? false,
  }
}
