import type { TicketLink } from '@rollcall/contracts/registrations'
import { seal } from '@rollcall/contracts/seal'
import type { OutboxWake } from '@rollcall/outbox/wake'
import type { Clock } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { findRegistration } from '../registrations/queries.ts'
import { mayAct } from '../registrations/registration.ts'
import { pictureOf, type StorePictureDeps, storePicture } from './picture.ts'

export interface IssueTicketDeps extends StorePictureDeps {
  db: Kysely<EventsDatabase>
  wake: Pick<OutboxWake, 'wake'>
  clock: Clock
  publicUrl: string
  /** Seals what only mails may say. */
  notificationsKey: JWK
}

/** Nobody asks for a ticket: it follows from the seat. */
const by = 'system'

/** Stores the ticket's QR image, then tells of it. Does nothing for a ticket that is issued or not wanted any more. */
export async function issueTicket(deps: IssueTicketDeps, registrationId: string): Promise<void> {
  const { db, wake } = deps
  let registration = await findRegistration(db, registrationId)
  if (!registration || registration.source === 'walk_in' || !mayAct('issueTicket', registration, by)) return
  // Stored before it is told of: whoever reads the fact finds the image.
  const { key: objectKey } = pictureOf(registration)
  const { code } = await storePicture(deps, registration)
  const link: TicketLink = { url: `${deps.publicUrl}/tickets/${code}` }
  const data = { objectKey, sealed: await seal(deps.notificationsKey, link) }
  const change = { action: 'issueTicket', by, data, now: deps.clock.now() } as const
  // Of many workers that come at once, one finds it not issued yet.
  while (registration && mayAct('issueTicket', registration, by)) {
    if (await changeRegistration(db, { ...change, registration })) break
    registration = await findRegistration(db, registrationId)
  }
  wake.wake()
}
