import { expect, it } from 'vitest'
import { requireStrong, weaknessesOf } from './password-rules.ts'

const ada = { email: 'lovelace@example.org', nickname: 'clever-panda' }
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
  expect(weaknessesOf(password, ada)).toEqual({})
})

it.each<[string, string[]]>([
  ['Short1!', ['tooShort']],
  ['short', ['tooShort', 'noUpperCase', 'noDigit', 'noSpecial']],
  ['alllowercase1!', ['noUpperCase']],
  ['ALLUPPERCASE1!', ['noLowerCase']],
  ['NoDigits!!', ['noDigit']],
  ['NoSigns7123', ['noSpecial']],
  ['Password1!', ['common']],
  ['P@ssw0rd!', ['common']],
  ['Qwerty123!', ['common']],
  ['Iloveyou1!', ['common']],
  ['Drowssap1!', ['common']],
  ['Summer2026!', ['common']],
  ['Winter2025!', ['common']],
  ['Welcome2024!', ['common']],
  ['Qwertz123!', ['common']],
  ['P@55w0rd2025!!', ['common']],
  ['!!2025Password', ['common']],
  ['passwordpassword', ['common']],
  ['aaaaaaaaaaaaaaaaaaaa', ['common']],
  ['123456789012345', ['common']],
  ['Xy7!clever-panda', ['containsNickname']],
  ['Xy7!LOVELACE.q', ['containsMailbox']],
  ['Rollcall is 7 fine', ['containsRollcall']],
])('S10, S11, R30: refuses %j for %j', (password, codes) => {
  expect(Object.keys(weaknessesOf(password, ada))).toEqual(codes)
})

it('R30: says of the field each part that is broken, by a code that stays and in words', () => {
  expect(() => requireStrong('password', 'nodigits', ada)).toThrow(
    expect.objectContaining({
      extras: {
        details: {
          password:
            'needs an upper-case letter, or at least 15 characters; needs a digit, or at least 15 characters; ' +
            'needs a special character, or at least 15 characters',
          'password.noUpperCase': 'needs an upper-case letter, or at least 15 characters',
          'password.noDigit': 'needs a digit, or at least 15 characters',
          'password.noSpecial': 'needs a special character, or at least 15 characters',
        },
      },
    }),
  )
})

it.each([64, 80, 128])('S10: takes %i characters whole', (length) => {
  expect(weaknessesOf('Zebra fjord 12 quiz. '.repeat(10).slice(0, length), ada)).toEqual({})
})

it.each(['Passe\u03011234', 'Pass\u00e91234', 'u\u0308bergang', 'Cafe\u0301 Zebra 7!', 'Caf\u00e9 Zebra 7!'])(
  'has one verdict for every spelling of %j',
  (password) => {
    const verdicts = ['NFC', 'NFD', 'NFKD'].map((form) => weaknessesOf(password.normalize(form), ada))
    expect(verdicts[1]).toEqual(verdicts[0])
  },
)

const filled = (text: string) => text.repeat(256).slice(0, 256)

it.each([
  Array.from({ length: 256 }, (_, index) => String.fromCharCode(33 + ((index * 37) % 90))).join(''),
  ...['p@55w0rd', '1.1.2020', '4@8(30!1$+%712|', '|\\/()[]{}<', '01-02-03', '5@$$1', 'qwerty', '4'].map(filled),
])('looks at the longest passwords in no time that others would notice: %s', (longest) => {
  const spent = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage()
    weaknessesOf(longest, ada)
    return process.threadCpuUsage(before).user / 1000
  })
  // Milliseconds of processor time: how busy the machine is doesn't matter.
  expect(Math.min(...spent)).toBeLessThan(100)
})
