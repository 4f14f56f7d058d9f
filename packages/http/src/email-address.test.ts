import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emailField, emailKey } from './email-address.ts'

it.each([
  ['ada@example.org', 'ada@example.org'],
  ['  Ada@Example.ORG ', 'Ada@example.org'],
  ['ada+tag@sub.example.org', 'ada+tag@sub.example.org'],
  ['ada@münchen.de', 'ada@xn--mnchen-3ya.de'],
  ['ada@MÜNCHEN.de', 'ada@xn--mnchen-3ya.de'],
  ['ada@xn--mnchen-3ya.de', 'ada@xn--mnchen-3ya.de'],
  ['ada@straße.de', 'ada@xn--strae-oqa.de'],
  ['ada@STRA\u1e9eE.de', 'ada@xn--strae-oqa.de'],
  ['ada@例え.jp', 'ada@xn--r8jz45g.jp'],
  ['ada@例え\u3002co.jp', 'ada@xn--r8jz45g.co.jp'],
  ['ada@น\u0e33.th', 'ada@xn--q3c4c3d.th'],
  ['ada@mu\u0308nchen.de', 'ada@xn--mnchen-3ya.de'],
  ['ada@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com', 'ada@xn--mgba3gch31f060k.com'],
])('stores %j as %s', (typed, stored) => {
  expect(emailField.parse(typed)).toBe(stored)
  // What is answered and mailed is taken again, and is the same account.
  expect(emailField.parse(stored)).toBe(stored)
  expect(emailKey(stored)).toBe(emailKey(typed))
})

it.each([
  ['ada', 'must contain an @'],
  ['@example.org', 'must have a part before the @'],
  ['ada@', 'must have a domain after the @'],
  ['ada@localhost', 'must have a domain with a dot, such as example.org'],
  ['ada lovelace@example.org', 'has a part before the @ that no mailbox can have'],
  ['ada@exam\u200bple.org', 'has a domain that cannot exist'],
  ['ada@exam\u00adple.org', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\u200bchen.de', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\u00adchen.de', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\u200dchen.de', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\ufe0fchen.de', 'has a domain that cannot exist'],
  ['ada@\uff45\uff58ample.org', 'has a domain that cannot exist'],
  ['ada@\u212aiosk.org', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\u212aen.de', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\uff4ben.de', 'has a domain that cannot exist'],
  ['ada@m\u00fcn\u{1d424}en.de', 'has a domain that cannot exist'],
  ['ada@a.example\u3002org\u3002', 'has a domain that cannot exist'],
  ['ada@ex..ample.org', 'has a domain that cannot exist'],
  ['ada@exa_mple.org', 'has a domain that cannot exist'],
  ['ada@-example.org', 'has a domain that cannot exist'],
  ['ada@192.0.2.1', 'has a domain that cannot exist'],
  ['\u212aim@example.org', 'has a part before the @ that no mailbox can have'],
  ['\u0131an@example.org', 'has a part before the @ that no mailbox can have'],
  ['ad\u200ba@example.org', 'has a part before the @ that no mailbox can have'],
  [`${'a'.repeat(65)}@example.org`, 'has a part before the @ that no mailbox can have'],
  [`ada@${'a'.repeat(250)}.org`, 'must be at most 254 bytes'],
])('refuses %j: %s', (typed, message) => {
  expect(emailField.safeParse(typed).error?.issues.map((issue) => issue.message)).toEqual([message])
  expect(emailKey(typed)).toBe('')
})

it('keeps one visible ASCII form of whatever it takes', () => {
  const text = fc.oneof(
    fc.emailAddress(),
    fc
      .tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
      .map(([local, domain]) => `${local}@${domain}.org`),
    fc.string({ unit: 'binary' }).map((domain) => `ada@${domain}.org`),
  )
  fc.assert(
    fc.property(text, (typed) => {
      const stored = emailField.safeParse(typed).data
      if (stored === undefined) return
      expect(stored).toMatch(/^[\x21-\x7e]+@[a-z0-9.-]+$/)
      expect(emailField.parse(stored)).toBe(stored)
      expect(emailKey(stored)).toBe(emailKey(typed))
    }),
    { numRuns: 2000 },
  )
})
