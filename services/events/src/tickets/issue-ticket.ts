import type { OutboxWake } from '@rollcall/outbox/wake'
import { drawQr } from '@rollcall/qr/draw-qr'
import type { Clock } from '@rollcall/runtime/clock'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { findRegistration } from '../registrations/queries.ts'
import { mayAct } from '../registrations/registration.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'

export interface IssueTicketDeps {
  db: Kysely<EventsDatabase>
  wake: Pick<OutboxWake, 'wake'>
  clock: Clock
  storage: ObjectStorage
  ticketCodes: TicketCodes
}

/** Names no person and cannot be guessed; the bucket is private all the same. */
export function ticketKey(registrationId: string): string {
  return `${registrationId}.png`
}

/** Nobody asks for a ticket: it follows from the seat. */
const by = 'system'

/** Stores the ticket's QR image, then tells of it. Does nothing for a ticket that is issued or not wanted any more. */
export async function issueTicket(deps: IssueTicketDeps, registrationId: string): Promise<void> {
  const { db, wake, storage, ticketCodes } = deps
  let registration = await findRegistration(db, registrationId)
  if (!registration || !mayAct('issueTicket', registration, by)) return
  const code = ticketCodes.issue({ registrationId, eventId: registration.event_id })
  const objectKey = ticketKey(registrationId)
  // Stored before it is told of: whoever reads the fact finds the image.
  await storage.put({ bucket: TICKETS_BUCKET, key: objectKey }, drawQr(code), 'image/png')
  const change = { action: 'issueTicket', by, data: { objectKey }, now: deps.clock.now() } as const
  // Of many workers that come at once, one finds it not issued yet.
  while (registration && mayAct('issueTicket', registration, by)) {
    if (await changeRegistration(db, { ...change, registration })) break
    registration = await findRegistration(db, registrationId)
  }
  wake.wake()
}
