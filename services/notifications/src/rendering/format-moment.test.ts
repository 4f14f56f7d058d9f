import { expect, it } from 'vitest'
import { formatMoment } from './format-moment.ts'

const moment = new Date('2026-10-25T00:30:00Z')

it('shows the local time of the zone with its name, in the language', () => {
  expect(formatMoment(moment, { locale: 'en', timeZone: 'Europe/Berlin' })).toMatch(
    /Sunday,? 25 October 2026 at 02:30 CEST/,
  )
  expect(formatMoment(moment, { locale: 'de-AT', timeZone: 'America/New_York' })).toMatch(
    /Samstag, 24\. Oktober 2026 um 20:30/,
  )
})

it('tells the two hours apart that a change of the clocks repeats', () => {
  const later = new Date(moment.getTime() + 3600_000)
  const inBerlin = { locale: 'en', timeZone: 'Europe/Berlin' }
  expect(formatMoment(later, inBerlin)).toMatch(/02:30 (CET|GMT\+1)/)
  expect(formatMoment(later, inBerlin)).not.toBe(formatMoment(moment, inBerlin))
})

it('falls back to English and to UTC for what it does not know', () => {
  expect(formatMoment(moment, { locale: 'tlh', timeZone: 'Mars/Olympus_Mons' })).toMatch(/25 October 2026 at 00:30 UTC/)
})
