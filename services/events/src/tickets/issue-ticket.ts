import { message } from '@rollcall/contracts/message'
import { TicketIssued } from '@rollcall/contracts/registrations'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { Kysely } from 'kysely'
import { toBuffer } from 'qrcode'
import type { EventsDatabase } from '../database/tables.ts'
import { findRegistration, markTicketIssued } from '../registrations/queries.ts'
import { registrationIds, registrationSnapshot } from '../registrations/registration.ts'
import type { TicketCodes } from './ticket-code.ts'

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

/** Stores the ticket's QR image, then tells of it. Does nothing for a ticket that is issued or not wanted any more. */
export async function issueTicket(deps: IssueTicketDeps, registrationId: string): Promise<void> {
  const { db, transact, clock, storage, ticketCodes } = deps
  const registration = await findRegistration(db, registrationId)
  if (registration?.status !== 'CONFIRMED' || registration.ticket_issued_at) return
  const code = ticketCodes.issue({ registrationId, eventId: registration.event_id })
  const image = await toBuffer(code, QR_IMAGE)
  const objectKey = ticketKey(registrationId)
  // Stored before it is told of: whoever reads the fact finds the image.
  await storage.put({ bucket: TICKETS_BUCKET, key: objectKey }, image, 'image/png')
  const now = clock.now()
  await transact(async (tx) => {
    const issued = await markTicketIssued(tx, registrationId, now)
    if (!issued) return
    const data = { ...registrationIds(issued), objectKey }
    const fact = message(TicketIssued, { data, sequence: issued.version, at: now })
    await appendToOutbox(tx, registrationSnapshot(issued, now), fact)
  })
}
