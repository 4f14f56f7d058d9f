import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { Kysely } from 'kysely'
import { toBuffer } from 'qrcode'
import type { EventsDatabase } from '../database/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { findRegistration, lockRegistration } from '../registrations/queries.ts'
import { mayAct } from '../registrations/registration.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'

/** Four pixels a module: every phone reads it, and drawing it takes 3 ms of this process instead of 12. */
const QR_IMAGE = {
  errorCorrectionLevel: 'M',
  scale: 4,
  margin: 4,
  rendererOpts: { deflateLevel: 1, filterType: 0 },
} as const

export interface IssueTicketDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
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
  const { db, transact, clock, storage, ticketCodes } = deps
  const registration = await findRegistration(db, registrationId)
  if (!registration || !mayAct('issueTicket', registration, by)) return
  const code = ticketCodes.issue({ registrationId, eventId: registration.event_id })
  const image = await toBuffer(code, QR_IMAGE)
  const objectKey = ticketKey(registrationId)
  // Stored before it is told of: whoever reads the fact finds the image.
  await storage.put({ bucket: TICKETS_BUCKET, key: objectKey }, image, 'image/png')
  const now = clock.now()
  await transact(async (tx) => {
    // Of many workers that come at once, one finds it not issued yet.
    const current = await lockRegistration(tx, registrationId)
    if (!current || !mayAct('issueTicket', current, by)) return
    await changeRegistration(tx, { action: 'issueTicket', by, registration: current, data: { objectKey }, now })
  })
}
