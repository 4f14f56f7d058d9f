import { registrationStatuses } from '@rollcall/contracts/registrations'
import { addMilliseconds, hours, minutes } from '@rollcall/runtime/clock'
import { expect, it } from 'vitest'
import { anEventRow, aRegistration, now } from '../../test/rows.ts'
import { mayAct } from '../registrations/registration.ts'
import { type AtTheDoor, refusalOf, type VerdictCode } from './verdict.ts'

const scan = (changes: Partial<AtTheDoor> = {}): AtTheDoor => ({
  event: anEventRow(),
  registration: aRegistration(),
  now,
  ...changes,
})
const { start_at: start, end_at: end } = anEventRow()

it.each<[VerdictCode | undefined, string, Partial<AtTheDoor>]>([
  [undefined, 'a good ticket', {}],
  ['cancelled', 'a seat that was given back', { registration: aRegistration({ status: 'CANCELLED' }) }],
  ['waitlisted', 'no seat yet', { registration: aRegistration({ status: 'WAITLISTED' }) }],
  ['already_checked_in', 'a ticket that was used', { registration: aRegistration({ checked_in_at: now }) }],
  ['not_published', 'an event that was called off', { event: anEventRow({ status: 'CANCELLED' }) }],
  ['not_published', 'an event that waits for a decision', { event: anEventRow({ status: 'PENDING' }) }],
  ['not_yet', 'the moment before the door opens', { now: addMilliseconds(start, -minutes(180) - 1) }],
  [undefined, 'the moment in which it opens', { now: addMilliseconds(start, -minutes(180)) }],
  [undefined, 'the last moment', { now: end }],
  ['over', 'the moment after it', { now: addMilliseconds(end, 1) }],
  ['already_checked_in', 'a used ticket afterwards', { registration: aRegistration({ checked_in_at: now }), now: end }],
  [
    'cancelled',
    'a seat that was given back, of an event that was called off',
    { registration: aRegistration({ status: 'CANCELLED' }), event: anEventRow({ status: 'CANCELLED' }) },
  ],
])('says %s for %s', (verdict, _, changes) => {
  expect(refusalOf(scan(changes))).toBe(verdict)
})

it('refuses whatever the table of registrations does not let a manager check in', () => {
  for (const status of registrationStatuses) {
    for (const checked_in_at of [null, addMilliseconds(now, -hours(1))]) {
      const registration = aRegistration({ status, checked_in_at })
      expect(refusalOf(scan({ registration })) === undefined).toBe(mayAct('checkIn', registration, 'manager'))
    }
  }
})
