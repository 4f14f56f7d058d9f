import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { facts } from './catalogue.ts'
import { defineFact } from './define.ts'
import { openMembers } from './open-members.ts'

describe('facts', () => {
  it.each(facts.map((fact) => [fact.ceType, fact] as const))(
    '%s carries no personal data outside its sealed part',
    (_, fact) => {
      expect(openMembers(fact)).toEqual([])
    },
  )
})

describe('openMembers', () => {
  it('finds free text, nested data and telling names', () => {
    const careless = defineFact({
      type: 'user.careless',
      version: 1,
      aggregate: 'user',
      source: '/users',
      key: (data) => data.userId,
      data: z.strictObject({
        userId: z.uuid(),
        email: z.enum(['a@example.org']),
        reason: z.string(),
        profile: z.object({ bio: z.string() }),
        resetToken: z.uuid(),
        sealed: z.string(),
        count: z.int(),
      }),
    })
    expect(openMembers(careless)).toEqual(['email', 'reason', 'profile', 'resetToken'])
  })
})
