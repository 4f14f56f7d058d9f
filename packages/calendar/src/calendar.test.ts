import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CalendarEvent, toCalendar } from './calendar.ts'
import { property, text } from './content-line.ts'
import { offsetAt } from './local-time.ts'

const event = (changes: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: '01985f00@rollcall.example',
  sequence: 3,
  changedAt: new Date('2027-01-01T10:00:00Z'),
  startAt: new Date('2027-05-07T16:00:00Z'),
  endAt: new Date('2027-05-07T20:00:00Z'),
  timeZone: 'Europe/Berlin',
  title: 'Night of open labs',
  description: '',
  location: 'Main hall',
  url: 'https://rollcall.example/events/1',
  status: 'CONFIRMED',
  ...changes,
})

const linesOf = (...events: CalendarEvent[]) => toCalendar({ name: 'Rollcall', events }).split('\r\n')
const unfolded = (ics: string) => ics.replaceAll('\r\n ', '')
const unescaped = (value: string) => value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))

describe('a line', () => {
  it('has 75 octets at most, is whole again when it is unfolded, and cuts no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (value) => {
        const folded = property('SUMMARY', text(value))
        for (const line of folded.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(line.isWellFormed()).toBe(true)
        }
        expect(unescaped(unfolded(folded))).toBe(`SUMMARY:${value.replace(/\r\n|\r/g, '\n')}`)
      }),
    )
  })

  it('escapes what separates values', () => {
    expect(text('a\\b;c,d\r\ne\nf:"g"')).toBe('a\\\\b\\;c\\,d\\ne\\nf:"g"')
  })
})

describe('a time', () => {
  it('is a moment, also in an hour that comes twice', () => {
    const at = (start: string) => linesOf(event({ startAt: new Date(start), endAt: new Date('2027-10-31T05:00:00Z') }))
    expect(at('2027-10-31T00:30:00Z')).toContain('DTSTART:20271031T003000Z')
    expect(at('2027-10-31T01:30:00Z')).toEqual(
      expect.arrayContaining(['DTSTART:20271031T013000Z', 'DTEND:20271031T050000Z']),
    )
  })

  it('has its zone beside it, with each change of the clocks', () => {
    const lines = linesOf(event(), event({ startAt: new Date('2027-06-01T16:00:00Z') }))
    expect(lines).toContain('X-WR-TIMEZONE:Europe/Berlin')
    expect(lines.filter((line) => line === 'BEGIN:VTIMEZONE')).toHaveLength(1)
    const change = lines.indexOf('DTSTART:20270328T020000')
    expect(lines.slice(change - 1, change + 4)).toEqual([
      ...['BEGIN:DAYLIGHT', 'DTSTART:20270328T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'END:DAYLIGHT'],
    ])
    expect(lines).toContain('DTSTART:20271031T030000')
  })

  it('in UTC needs no zone', () => {
    expect(linesOf(event({ timeZone: 'UTC' }))).not.toContain('BEGIN:VTIMEZONE')
  })
})

it('cancels what does not take place, and publishes the rest', () => {
  expect(linesOf(event({ status: 'CANCELLED' }))).toEqual(expect.arrayContaining(['METHOD:CANCEL', 'STATUS:CANCELLED']))
  expect(linesOf(event(), event({ status: 'CANCELLED' }))).toContain('METHOD:PUBLISH')
  expect(linesOf()).toContain('METHOD:PUBLISH')
})

it.each([
  ['Asia/Kathmandu', 5.75],
  ['America/St_Johns', -3.5],
  ['UTC', 0],
  ['Pacific/Auckland', 13],
])('knows the offset of %s', (zone, hours) => {
  expect(offsetAt(zone, new Date('2027-01-01T00:00:00Z'))).toBe(hours * 3600_000)
})
