import { addMilliseconds, days, hours } from '@rollcall/runtime/clock'
import { expect, it } from 'vitest'
import { anEventRow, now } from '../../test/rows.ts'
import { isVisible, problemsWithSchedule, takesRegistrations } from './event.ts'

const somebody = { sessionId: 's', professional: false, operator: false }
const stranger = { ...somebody, id: 'stranger', role: 'authenticated' } as const
const organizer = { ...somebody, id: 'organizer', role: 'organizer' } as const
const manager = { ...somebody, id: 'manager', role: 'manager' } as const

it.each([
  ['PUBLISHED', [true, true, true, true]],
  ['CANCELLED', [true, true, true, true]],
  ['PENDING', [false, false, true, true]],
  ['REJECTED', [false, false, true, true]],
] as const)('shows a %s event to nobody known, a stranger, its organizer and a manager: %j', (status, seen) => {
  const event = anEventRow({ status, organizer_id: organizer.id })
  expect([undefined, stranger, organizer, manager].map((caller) => isVisible(event, caller))).toEqual(seen)
})

it('takes registrations of a published event until it begins, unless it says otherwise', () => {
  const event = anEventRow()
  const { start_at: start } = event
  expect([addMilliseconds(start, -1), start].map((at) => takesRegistrations(event, at))).toEqual([true, false])
  expect(takesRegistrations({ ...event, status: 'CANCELLED' }, now)).toBe(false)
  const [before, after] = [addMilliseconds(now, -1), addMilliseconds(now, 1)]
  expect(takesRegistrations({ ...event, registration_opens_at: after }, now)).toBe(false)
  expect(takesRegistrations({ ...event, registration_opens_at: before, registration_closes_at: after }, now)).toBe(true)
  expect(takesRegistrations({ ...event, registration_closes_at: now }, now)).toBe(false)
})

it.each([
  ['nothing', { startAt: addMilliseconds(now, 1), endAt: addMilliseconds(now, 2) }, []],
  ['a start that is past', { startAt: now, endAt: addMilliseconds(now, hours(1)) }, ['startAt']],
  [
    'a start in six years',
    { startAt: addMilliseconds(now, days(6 * 366)), endAt: addMilliseconds(now, days(6 * 366 + 1)) },
    ['startAt'],
  ],
  ['an end with the start', { startAt: addMilliseconds(now, 1), endAt: addMilliseconds(now, 1) }, ['endAt']],
])('finds %s wrong with a schedule', (_, schedule, fields) => {
  expect(Object.keys(problemsWithSchedule(schedule, now))).toEqual(fields)
})
