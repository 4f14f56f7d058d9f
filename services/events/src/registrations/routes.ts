import { created, ok } from '@rollcall/http/answers'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { OutboxWake } from '@rollcall/outbox/wake'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { createRecentEvents } from '../events/recent-events.ts'
import { registrationsApi } from './api.ts'
import { createJointSeats } from './joint-seats.ts'
import { byCreation, findPlacedRegistration, listRegistrationsOf, type PlacedRegistration } from './queries.ts'
import { type Commit, registerAttendee } from './register-attendee.ts'
import { RegistrationNotFound } from './registration.ts'
import { toRegistrationResource } from './registration-resource.ts'
import { takePlace } from './take-place.ts'
import { takeSeat } from './take-seat.ts'
import type { TicketCodes } from './ticket-code.ts'

export interface RegistrationRouteDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  once: Once<EventsDatabase>
  wake: Pick<OutboxWake, 'wake'>
  ticketCodes: TicketCodes
  /** Awaited before a seat is taken. */
  letTicketsCatchUp(): Promise<void>
}

export function registrationRoutes(routeDeps: RegistrationRouteDeps): Route[] {
  const { db, clock, once, wake, ticketCodes, letTicketsCatchUp } = routeDeps
  const deps = { db, clock, ticketCodes, recentEvents: createRecentEvents(db) }
  const jointSeats = createJointSeats(db)
  /** Without a key there is nothing else to commit: a seat is one statement, and may share it with others. */
  const alone: Commit = async (work) => {
    const registration = await work({ takeSeat: jointSeats, takePlace: (seat) => takePlace(db, seat) })
    wake.wake()
    return registration
  }
  return implement(registrationsApi, {
    async registerAttendee({ params, body, caller, idempotent }) {
      await letTicketsCatchUp()
      const command = { eventId: params.eventId, attendeeId: caller.id, waitlist: body?.waitlist ?? true }
      return once({
        request: idempotent,
        work(transact) {
          const withKey: Commit = (work) =>
            transact((tx) => work({ takeSeat: (seat) => takeSeat(tx, seat), takePlace: (seat) => takePlace(tx, seat) }))
          return registerAttendee({ ...deps, commit: idempotent.key === undefined ? alone : withKey }, command)
        },
        answer: (registration) =>
          created(`/registrations/${registration.id}`, toRegistrationResource(registration, ticketCodes)),
      })
    },
    async listOwnRegistrations({ query, search, caller }) {
      const found = await listRegistrationsOf(db, caller.id, query)
      const toItem = (registration: PlacedRegistration) => toRegistrationResource(registration, ticketCodes)
      return ok(pageOf(found, { path: '/me/registrations', search, request: query, sort: byCreation, toItem }))
    },
    async getRegistration({ params, caller }) {
      const registration = await findPlacedRegistration(db, params.registrationId)
      if (registration?.attendee_id !== caller.id) throw new RegistrationNotFound()
      return ok(toRegistrationResource(registration, ticketCodes))
    },
  })
}
