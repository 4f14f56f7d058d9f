import { expect, it } from 'vitest'
import { aRegistration, now } from '../../test/rows.ts'
import { type Actor, mayAct, type registrationActions } from './registration.ts'

const seats = {
  confirmed: aRegistration(),
  'with a ticket': aRegistration({ ticket_issued_at: now }),
  'checked in': aRegistration({ ticket_issued_at: now, checked_in_at: now }),
  waitlisted: aRegistration({ status: 'WAITLISTED' }),
  cancelled: aRegistration({ status: 'CANCELLED' }),
}

it.each<[keyof typeof registrationActions, Actor, string[]]>([
  ['register', 'attendee', []],
  ['issueTicket', 'system', ['confirmed']],
  ['checkIn', 'manager', ['confirmed', 'with a ticket']],
])('allows %s by the %s alone, for %j', (name, who, which) => {
  for (const actor of ['attendee', 'manager', 'system'] as const) {
    const allowed = Object.entries(seats).flatMap(([seat, registration]) =>
      mayAct(name, registration, actor) ? [seat] : [],
    )
    expect(allowed, actor).toEqual(actor === who ? which : [])
  }
})
