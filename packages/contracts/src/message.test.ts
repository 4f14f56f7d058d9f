import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineFact } from './define.ts'
import { message, tombstone } from './message.ts'
import { UserSnapshot, UserVerified } from './users.ts'

const userId = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d10'
const at = new Date('2026-11-21T12:00:00.000Z')

describe('message', () => {
  it('carries key, subject and sequence of its aggregate', () => {
    expect(message(UserVerified, { data: { userId }, sequence: 3, at })).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      topic: 'user.verified',
      key: userId,
      type: 'user.verified.v1',
      source: '/users',
      subject: userId,
      time: '2026-11-21T12:00:00.000Z',
      dataschema: 'urn:rollcall:schema:user.verified.v1',
      sequence: 3,
      data: { userId },
    })
  })

  it('refuses a member that the contract does not know', () => {
    const data = { userId, email: 'ada@example.org' }
    expect(() => message(UserVerified, { data, sequence: 1, at })).toThrow(z.ZodError)
  })

  it('publishes a second version in a topic of its own', () => {
    const second = defineFact({
      type: 'user.verified',
      version: 2,
      aggregate: 'user',
      source: '/users',
      key: (data) => data.userId,
      data: z.strictObject({ userId: z.uuid() }),
    })
    expect(second).toMatchObject({ topic: 'user.verified.v2', ceType: 'user.verified.v2' })
  })
})

describe('tombstone', () => {
  it('has the key and no data', () => {
    expect(tombstone(UserSnapshot, { id: userId, sequence: 9, at })).toMatchObject({
      topic: 'user.snapshot',
      key: userId,
      sequence: 9,
      data: null,
    })
  })
})
