import { expect, it } from 'vitest'
import { weaknessOf } from './password-rules.ts'

const ada = { email: 'lovelace@example.org', nickname: 'clever-panda' }
const common = 'is among the most common passwords, or hardly differs from one'
const classes = 'must have upper and lower case, a digit and a special character, or be at least 15 characters'

it.each([
  'Correct horse 7!',
  'Correct horse battery 7!',
  'a long pass phrase',
  'aB3$xY9!',
  'xK9#mQ2$vL',
  'Fjord & Zebra 12',
  'Grüße aus Köln 9!',
  '🎟️🎟️Ticket 4 all',
  'korrekt pferd batterie heftklammer',
])('takes %j', (password) => {
  expect(weaknessOf(password, ada)).toBeUndefined()
})

it.each([
  ['Short1!', 'must be at least 8 characters'],
  ['alllowercase1!', classes],
  ['NoDigits!!', classes],
  ['NoSigns123', classes],
  ['Password1!', common],
  ['P@ssw0rd!', common],
  ['Qwerty123!', common],
  ['Iloveyou1!', common],
  ['Drowssap1!', common],
  ['Summer2026!', common],
  ['Winter2025!', common],
  ['Welcome2024!', common],
  ['Qwertz123!', common],
  ['P@55w0rd2025!!', common],
  ['!!2025Password', common],
  ['passwordpassword', common],
  ['aaaaaaaaaaaaaaaaaaaa', common],
  ['123456789012345', common],
  ['Xy7!clever-panda', 'must not contain your nickname'],
  ['Xy7!LOVELACE.q', 'must not contain the name of your mailbox'],
  ['Rollcall is 7 fine', 'must not contain the name Rollcall'],
])('refuses %j: it %s', (password, weakness) => {
  expect(weaknessOf(password, ada)).toBe(weakness)
})

it.each(['Passe\u03011234', 'Pass\u00e91234', 'u\u0308bergang', 'Cafe\u0301 Zebra 7!', 'Caf\u00e9 Zebra 7!'])(
  'has one verdict for every spelling of %j',
  (password) => {
    const verdicts = ['NFC', 'NFD', 'NFKD'].map((form) => weaknessOf(password.normalize(form), ada))
    expect(verdicts[1]).toBe(verdicts[0])
  },
)

const filled = (text: string) => text.repeat(256).slice(0, 256)

it.each([
  Array.from({ length: 256 }, (_, index) => String.fromCharCode(33 + ((index * 37) % 90))).join(''),
  ...['p@55w0rd', '1.1.2020', '4@8(30!1$+%712|', '|\\/()[]{}<', '01-02-03', '5@$$1', 'qwerty', '4'].map(filled),
])('looks at the longest passwords in no time that others would notice: %s', (longest) => {
  const spent = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage()
    weaknessOf(longest, ada)
    return process.threadCpuUsage(before).user / 1000
  })
  // Milliseconds of processor time: how busy the machine is doesn't matter.
  expect(Math.min(...spent)).toBeLessThan(100)
})
