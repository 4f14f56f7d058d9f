import { created, ok } from '@rollcall/http/answers'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import type { OutboxWake } from '@rollcall/outbox/wake'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { createRecentEvents } from '../events/recent-events.ts'
import { registrationsApi } from './api.ts'
import { createJointSeats } from './joint-seats.ts'
import { findRegistration } from './queries.ts'
import { type Commit, registerAttendee } from './register-attendee.ts'
import { RegistrationNotFound } from './registration.ts'
import { toRegistrationResource } from './registration-resource.ts'
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
  const deps = { db, clock, recentEvents: createRecentEvents(db) }
  const jointSeats = createJointSeats(db)
  /** Without a key there is nothing else to commit: a seat is one statement, and may share it with others. */
  const alone: Commit = async (work) => {
    const registration = await work(jointSeats)
    wake.wake()
    return registration
  }
  return implement(registrationsApi, {
    async registerAttendee({ params, caller, idempotent }) {
      await letTicketsCatchUp()
      const command = { eventId: params.eventId, attendeeId: caller.id }
      return once({
        request: idempotent,
        work(transact) {
          const withKey: Commit = (work) => transact((tx) => work((seat) => takeSeat(tx, seat)))
          return registerAttendee({ ...deps, commit: idempotent.key === undefined ? alone : withKey }, command)
        },
        answer: (registration) =>
          created(`/registrations/${registration.id}`, toRegistrationResource(registration, ticketCodes)),
      })
    },
    async getRegistration({ params, caller }) {
      const registration = await findRegistration(db, params.registrationId)
      if (registration?.attendee_id !== caller.id) throw new RegistrationNotFound()
      return ok(toRegistrationResource(registration, ticketCodes))
    },
  })
}
