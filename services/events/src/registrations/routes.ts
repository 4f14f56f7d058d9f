import { created, ok } from '@rollcall/http/answers'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import type { OutboxWake } from '@rollcall/outbox/wake'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { registrationsApi } from './api.ts'
import { findRegistration } from './queries.ts'
import { type Run, registerAttendee } from './register-attendee.ts'
import { RegistrationNotFound } from './registration.ts'
import { toRegistrationResource } from './registration-resource.ts'
import type { TicketCodes } from './ticket-code.ts'

export interface RegistrationRouteDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  once: Once<EventsDatabase>
  wake: Pick<OutboxWake, 'wake'>
  ticketCodes: TicketCodes
}

export function registrationRoutes({ db, clock, once, wake, ticketCodes }: RegistrationRouteDeps): Route[] {
  const singleStatement: Run = async (work) => {
    const result = await work(db)
    wake.wake()
    return result
  }
  return implement(registrationsApi, {
    registerAttendee({ params, caller, idempotent }) {
      const command = { eventId: params.eventId, attendeeId: caller.id }
      return once({
        request: idempotent,
        // Without a key there is nothing else to commit, so the seat costs a single round trip.
        work: (transact) =>
          registerAttendee({ db, clock, run: idempotent.key === undefined ? singleStatement : transact }, command),
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
