import { notModified, okWith, pageAnswer, streamed } from '@rollcall/http/answers'
import { matchesNone } from '@rollcall/http/conditional'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import { negotiateLanguage } from '@rollcall/i18n/negotiate'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findRegistration } from '../registrations/queries.ts'
import { RegistrationNotFound } from '../registrations/registration.ts'
import type { Registration } from '../registrations/tables.ts'
import { ticketsApi } from './api.ts'
import { pictureOf, type StorePictureDeps, storePicture } from './picture.ts'
import { showTicket } from './show-ticket.ts'
import { ticketPage } from './ticket-page.ts'

export interface TicketRouteDeps extends StorePictureDeps {
  db: Kysely<EventsDatabase>
  storage: ObjectStorage
}

export function ticketRoutes(deps: TicketRouteDeps): Route[] {
  const { db, storage } = deps
  return implement(ticketsApi, {
    async getTicketImage({ params, caller, headers }) {
      const registration = await findRegistration(db, params.registrationId)
      if (registration?.attendee_id !== caller.id) throw new RegistrationNotFound()
      const image = (await storage.get(pictureOf(registration))) ?? (await drawAgain(deps, registration))
      const caching = { etag: image.etag, 'cache-control': 'private, no-cache' }
      if (matchesNone(headers['if-none-match'], image.etag)) {
        image.body.destroy()
        return notModified(caching)
      }
      const described = { 'content-type': image.contentType, 'content-length': String(image.size) }
      return streamed({ ...caching, ...described }, image.body)
    },
    async showTicket({ params, headers, wantsHtml }) {
      const { ticket, picture } = await showTicket(deps, params.token)
      const caching = { 'cache-control': 'private, no-store', vary: 'Accept, Accept-Language' }
      if (!wantsHtml) return okWith(caching, ticket)
      const language = negotiateLanguage({ acceptLanguage: headers['accept-language'] })
      return { ...pageAnswer(ticketPage(ticket, picture, language)), headers: caching }
    },
  })
}

/** Of a ticket whose picture has not been made yet, or is lost: it follows from the code, so it is the same. */
async function drawAgain(deps: TicketRouteDeps, registration: Registration) {
  if (registration.status !== 'CONFIRMED') throw new DomainError('NotFound', 'there is no ticket: you have no seat')
  await storePicture(deps, registration)
  const image = await deps.storage.get(pictureOf(registration))
  if (!image) throw new DomainError('NotFound', 'the ticket is being made; try again in a second')
  return image
}
