import { expect, it } from 'vitest'
import { z } from 'zod'
import { integerParameter, textField, timeZoneField } from './fields.ts'

const line = textField({ min: 1, max: 5 })
const text = textField({ max: 20, multiline: true })
const documented = (schema: z.ZodType) => new RegExp(z.toJSONSchema(schema).pattern ?? '^$')

it.each([
  ['a', true],
  [' a ', true],
  ['ä🎟️', true],
  ['   ', false],
  ['\ufeff', false],
  ['', false],
  ['a\tb', false],
  ['a\u0088', false],
  ['a\u2028b', false],
])('takes %j as a line of text: %s, and documents so', (value, taken) => {
  expect(line.safeParse(value).success).toBe(taken)
  expect(documented(line).test(value)).toBe(taken)
})

it.each([
  ['one\r\ntwo\tthree', true],
  ['', true],
  ['a\u0000', false],
  ['a\u000bb', false],
])('takes %j as text of several lines: %s, and documents so', (value, taken) => {
  expect(text.safeParse(value).success).toBe(taken)
  expect(documented(text).test(value)).toBe(taken)
})

it('counts code points, not code units', () => {
  expect(line.safeParse('🎟🎟🎟🎟🎟').success).toBe(true)
  expect(line.safeParse('🎟🎟🎟🎟🎟🎟').success).toBe(false)
})

it('refuses text that is not well-formed Unicode', () => {
  expect(line.safeParse('a\ud800').success).toBe(false)
})

it.each([
  ['Europe/Berlin', true],
  ['Etc/GMT+5', true],
  ['UTC', true],
  ['+01:00', false],
  ['Europe/Atlantis', false],
  ['', false],
])('takes %j as a time zone: %s', (zone, taken) => {
  expect(timeZoneField.safeParse(zone).success).toBe(taken)
})

it('gives a time zone in its canonical spelling', () => {
  expect(timeZoneField.parse('europe/kiev')).toBe('Europe/Kyiv')
})

it.each(['1', '9', '10'])('takes %s for a number from 1 to 10', (text) => {
  expect(integerParameter({ min: 1, max: 10 }).parse(text)).toBe(Number(text))
})
