import { expect, it } from 'vitest'
import { z } from 'zod'
import { encodeCursor, MAX_EXACT_TOTAL, pageOf, pageQuery, pageSchema, positionOf } from './paging.ts'

const Query = z.strictObject(pageQuery)
const at = new Date('2027-01-01T10:00:00.123Z')
const id = '01a1fe47-a46f-74e3-a314-c492457e0b82'
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Row {
  id: string
  at: Date
}

const rows = (count: number): Row[] => Array.from({ length: count }, () => ({ id, at }))
const page = (count: number, { counted = count, ...request }: Record<string, unknown> & { limit: number }) =>
  pageOf({ rows: rows(count), counted: counted as number, position: (row) => row }, { path: '/things', request })

it('takes nothing as the first twenty', () => {
  expect(Query.parse({})).toEqual({ limit: 20 })
})

it.each([
  { limit: '0' },
  { limit: '101' },
  { limit: '1.5' },
  { limit: 'many' },
  { offset: '-1' },
  { offset: '10001' },
  { cursor: '' },
  { cursor: 'not base64url!' },
  { cursor: 'a'.repeat(501) },
  { page: '1' },
])('refuses %j', (query) => {
  expect(Query.safeParse(query).success).toBe(false)
})

it('finds the position that a cursor was made of', () => {
  expect(positionOf({ limit: 20, cursor: encodeCursor({ at, id }) })).toEqual({ at, id })
  expect(positionOf({ limit: 20 })).toBeUndefined()
})

it.each([
  ['no JSON', Buffer.from('rubbish').toString('base64url')],
  ['no pair', base64url([at.toISOString()])],
  ['no time', base64url(['yesterday', id])],
  ['no id', base64url([at.toISOString(), "' or 1=1"])],
  ['another shape', base64url({ at, id })],
])('refuses a cursor that holds %s', (_, cursor) => {
  const refusal = { code: 'ValidationError', extras: { details: { cursor: expect.any(String) } } }
  expect(() => positionOf({ limit: 20, cursor })).toThrow(expect.objectContaining(refusal))
})

it('refuses a cursor beside an offset', () => {
  const cursor = encodeCursor({ at, id })
  expect(() => positionOf({ limit: 20, cursor, offset: 0 })).toThrow('not accepted: cursor')
})

it('leads to the next page only when there is one more row', () => {
  expect(page(2, { limit: 2 })._links).toEqual({ self: { href: '/things?limit=2' } })
  const { items, _links } = page(3, { limit: 2, offset: 4, tag: 'a&b' })
  expect(items).toHaveLength(2)
  expect(_links.self.href).toBe('/things?limit=2&offset=4&tag=a%26b')
  const next = new URL(_links.next?.href ?? '', 'http://localhost').searchParams
  expect(Object.fromEntries(next)).toEqual({ limit: '2', tag: 'a&b', cursor: encodeCursor({ at, id }) })
})

it('says where it starts by offset, unless it came by cursor', () => {
  expect(page(1, { limit: 2 })).toMatchObject({ offset: 0, total: 1, totalRelation: 'eq' })
  expect(page(1, { limit: 2, cursor: encodeCursor({ at, id }) })).not.toHaveProperty('offset')
})

it('stops counting where nobody reads on', () => {
  const counted = MAX_EXACT_TOTAL + 1
  expect(page(1, { limit: 2, counted })).toMatchObject({ total: MAX_EXACT_TOTAL, totalRelation: 'gte' })
  expect(page(1, { limit: 2, counted: MAX_EXACT_TOTAL })).toMatchObject({ totalRelation: 'eq' })
})

it('answers as its schema says, also when empty', () => {
  const schema = pageSchema(z.object({ id: z.string(), at: z.date() }))
  for (const it of [page(0, { limit: 2 }), page(3, { limit: 2 })]) expect(schema.safeParse(it).success).toBe(true)
})
