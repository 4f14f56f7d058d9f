import { expect, it } from 'vitest'
import { outcomeOfError } from './outcome.ts'

const error = (members: object, message = 'x') => Object.assign(new Error(message), members)

it.each([
  [
    'a mailbox that does not exist',
    error({ code: 'EENVELOPE', responseCode: 550, response: '550 no' }),
    { kind: 'refused', forGood: true },
  ],
  [
    'a full mailbox',
    error({ code: 'EMESSAGE', responseCode: 452, response: '452 full' }),
    { kind: 'refused', forGood: false },
  ],
  [
    'a server that refuses to talk',
    error({ code: 'EPROTOCOL', responseCode: 554, response: '554 go' }),
    { kind: 'lost', reason: 'server-trouble' },
  ],
  [
    'a wrong password',
    error({ code: 'EAUTH', responseCode: 535, response: '535 no' }),
    { kind: 'lost', reason: 'server-trouble' },
  ],
  ['a timeout', error({ code: 'ETIMEDOUT' }), { kind: 'lost', reason: 'timeout' }],
  ['an attempt that was given up', error({ name: 'AbortError' }), { kind: 'lost', reason: 'timeout' }],
  ['a name that does not resolve', error({ code: 'EDNS' }), { kind: 'lost', reason: 'connection-refused' }],
  ['no server', error({ code: 'ESOCKET', syscall: 'connect' }), { kind: 'lost', reason: 'connection-refused' }],
  [
    'a connection that is reset',
    error({ code: 'ESOCKET', syscall: 'read' }, 'read ECONNRESET'),
    { kind: 'lost', reason: 'connection-lost' },
  ],
  ['a message that could not be made', error({ code: 'ESTREAM' }), { kind: 'lost', reason: 'not-sendable' }],
  ['what is no error', 'x', { kind: 'lost', reason: 'connection-lost' }],
])('tells %s', (_, cause, outcome) => {
  expect(outcomeOfError(cause, 'before-dot')).toMatchObject(outcome)
})

it('takes a loss after an answer for one after the dot: it is never safer than that', () => {
  expect(outcomeOfError(error({ code: 'ECONNECTION' }), 'replied')).toMatchObject({ phase: 'after-dot' })
})

it('keeps what the server says in letters that the ledger can hold', () => {
  const odd = error({ code: 'EMESSAGE', responseCode: 554, response: '554 no\r\n554\u0000way\uD800' })
  expect(outcomeOfError(odd, 'replied')).toMatchObject({ reply: '554 no 554 way\uFFFD' })
})

it('keeps no more than a line or two of what the server says', () => {
  const long = error({ code: 'EMESSAGE', responseCode: 554, response: `554 ${'x'.repeat(5000)}` })
  expect(outcomeOfError(long, 'replied')).toMatchObject({ reply: expect.stringMatching(/^.{500}$/) })
})
