import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aRecipient } from '../../test/builders.ts'
import { addresseeOf, becomesLink } from './addressee.ts'

const nameOf = (first_name: string | null, email_verified: boolean) =>
  addresseeOf(aRecipient({ first_name, email_verified, nickname: 'clever-panda' }))?.name

it.each([
  'https://evil.example/claim',
  'www.evil.example',
  'evil.example',
  'Ada evil.example',
  'evil\u3002example',
  'evil\uff0eexample',
  'ｅｖｉｌ．ｅｘａｍｐｌｅ',
  'mailto:ada@evil.example',
  'ada@evil',
  'javascript:alert(1)',
  'tel:+49 1',
  'see WWW now',
  '//evil',
  'пример.рф',
])('does not greet somebody who has proven nothing as %j', (name) => {
  expect(nameOf(name, false)).toBe('clever-panda')
  expect(nameOf(name, true)).toBe(name)
})

it.each(['Ada', 'J. R. R.', 'Anne-Marie', 'Dr. Ada', "O'Neil", 'José María', 'Ada 2', '李', 'St. John'])(
  'R31: greets everybody as %j',
  (name) => {
    expect(nameOf(name, false)).toBe(name)
  },
)

it.each([null, '', '  ', '\u202e', '\r\n'])('R31: greets by nickname who gave no name: %j', (name) => {
  expect(nameOf(name, true)).toBe('clever-panda')
})

it('greets in one line, without marks that turn text round', () => {
  expect(nameOf(' Ada\r\nBcc: \u202eecalevoL ', true)).toBe('Ada Bcc:  ecalevoL')
})

it('finds whatever a mail program could take for a domain', () => {
  fc.assert(fc.property(fc.domain(), fc.string(), (domain, before) => becomesLink(`${before}${domain}`)))
})
