import tzdata from 'tzdata' with { type: 'json' }
import { expect, it } from 'vitest'
import { canonicalTimeZone } from './time-zones.ts'

it.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  ['EUROPE/BERLIN', 'Europe/Berlin'],
  ['Europe/Kyiv', 'Europe/Kyiv'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['asia/calcutta', 'Asia/Kolkata'],
  ['Asia/Istanbul', 'Europe/Istanbul'],
  ['Pacific/Enderbury', 'Pacific/Kanton'],
  ['Europe/Copenhagen', 'Europe/Copenhagen'],
  ['etc/gmt+5', 'Etc/GMT+5'],
  ['utc', 'UTC'],
  ['America/Port-au-Prince', 'America/Port-au-Prince'],
  ['+01:00', undefined],
  ['Factory', undefined],
  ['Europe/Atlantis', undefined],
  ['constructor', undefined],
])('spells %s as %s', (name, canonical) => {
  expect(canonicalTimeZone(name)).toBe(canonical)
  if (canonical === undefined) return
  expect(canonicalTimeZone(canonical)).toBe(canonical)
  expect(() => new Intl.DateTimeFormat('en', { timeZone: canonical })).not.toThrow()
})

it('has one spelling for every name, and all of them are known to the clocks of this Node', () => {
  const spellings = new Set(Object.keys(tzdata.zones).map((name) => canonicalTimeZone(name)))
  spellings.delete(undefined)
  expect(spellings.size).toBeGreaterThan(500)
  for (const zone of spellings) expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow()
})
