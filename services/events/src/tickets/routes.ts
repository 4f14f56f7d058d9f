import { notModified, streamed } from '@rollcall/http/answers'
import { matchesNone } from '@rollcall/http/conditional'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findRegistration } from '../registrations/queries.ts'
import { RegistrationNotFound } from '../registrations/registration.ts'
import { ticketsApi } from './api.ts'
import { ticketKey } from './issue-ticket.ts'

export interface TicketRouteDeps {
  db: Kysely<EventsDatabase>
  storage: ObjectStorage
}

export function ticketRoutes({ db, storage }: TicketRouteDeps): Route[] {
  return implement(ticketsApi, {
    async getTicketImage({ params, caller, headers }) {
      const registration = await findRegistration(db, params.registrationId)
      if (registration?.attendee_id !== caller.id) throw new RegistrationNotFound()
      const image = await storage.get({ bucket: TICKETS_BUCKET, key: ticketKey(registration.id) })
      if (!image) {
        throw new DomainError('NotFound', 'the ticket is being made; try again in a second', {
          headers: { 'retry-after': '1' },
        })
      }
      const caching = { etag: image.etag, 'cache-control': 'private, no-cache' }
      if (matchesNone(headers['if-none-match'], image.etag)) {
        image.body.destroy()
        return notModified(caching)
      }
      const described = { 'content-type': image.contentType, 'content-length': String(image.size) }
      return streamed({ ...caching, ...described }, image.body)
    },
  })
}
