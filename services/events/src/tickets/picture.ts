import { drawQr } from '@rollcall/qr/draw-qr'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import type { ObjectStorage } from '@rollcall/storage/objects'
import { signedTicket } from '../registrations/registration.ts'
import type { Registration } from '../registrations/tables.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'

export interface StorePictureDeps {
  storage: ObjectStorage
  ticketCodes: TicketCodes
}

type Ticket = Pick<Registration, 'id' | 'event_id' | 'ticket_key'>

/** Where a ticket's QR image is. Its name tells of no person and cannot be guessed; the bucket is private all the same. */
export function pictureOf({ id }: Pick<Ticket, 'id'>) {
  return { bucket: TICKETS_BUCKET, key: `${id}.png` }
}

/** Stores a ticket's QR image, the same each time. Gives what it says. */
export async function storePicture(
  { storage, ticketCodes }: StorePictureDeps,
  ticket: Ticket,
): Promise<{ code: string }> {
  const code = ticketCodes.issue(signedTicket(ticket))
  await storage.put(pictureOf(ticket), drawQr(code), 'image/png')
  return { code }
}
