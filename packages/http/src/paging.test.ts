import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { type Found, MAX_EXACT_TOTAL, pageOf, pageQuery, pageSchema, positionOf } from './paging.ts'
import { cursorAfter, type Sort } from './sorting.ts'

const Query = z.strictObject(pageQuery)
const at = new Date('2027-01-01T10:00:00.123Z')
const id = '01a1fe47-a46f-74e3-a314-c492457e0b82'
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Row {
  id: string
  at: Date
}

const columns = { column: sql.ref('at'), id: sql.ref('id'), idOf: (row: Row) => row.id }
const byTime: Sort<Row> = { ...columns, name: 'at', kind: 'time', value: (row) => row.at }
const byName: Sort<Row> = { ...columns, name: 'name', kind: 'text', value: (row) => `name of ${row.id}` }

const found = (count: number, counted = count): Found<Row> => ({
  rows: Array.from({ length: count }, () => ({ id, at })),
  counted,
})
const page = (rows: Found<Row>, search = '') => {
  const request = Query.loose().parse(Object.fromEntries(new URLSearchParams(search)))
  return pageOf(rows, { path: '/things', search, request, sort: byTime, toItem: (row) => row })
}

it('takes nothing as the first twenty', () => {
  expect(Query.parse({})).toEqual({ limit: 20 })
  expect(Query.parse({ limit: '7', offset: '10000' })).toEqual({ limit: 7, offset: 10_000 })
})

it.each([
  ...['0', '101', '1.5', 'many', '0x10', '1e1', '+5', ' 5', '5.0', '05', '0b11', '-1', '٣', '5 ', '1_0', ''].map(
    (limit) => ({
      limit,
    }),
  ),
  ...['-1', '10001', '0x10', '1e1', '+5', '007', '9'.repeat(30)].map((offset) => ({ offset })),
  { cursor: '' },
  { cursor: 'not base64url!' },
  { cursor: 'a'.repeat(1001) },
  { page: '1' },
])('refuses %j', (query) => {
  expect(Query.safeParse(query).success).toBe(false)
})

it('finds the position that a cursor was made of, for every kind of sort key', () => {
  const row = { id, at }
  expect(positionOf(byTime, { limit: 20, cursor: cursorAfter(byTime, row) })).toEqual({ value: at.toISOString(), id })
  expect(positionOf(byName, { limit: 20, cursor: cursorAfter(byName, row) })).toEqual({ value: `name of ${id}`, id })
  expect(positionOf(byTime, { limit: 20 })).toBeUndefined()
})

it.each([
  ['no JSON', Buffer.from('rubbish').toString('base64url')],
  ['no triple', base64url(['at', at.toISOString()])],
  ['no time', base64url(['at', 'yesterday', id])],
  ['no id', base64url(['at', at.toISOString(), "' or 1=1"])],
  ['another shape', base64url({ at, id })],
  ['the position of another order', cursorAfter(byName, { id, at })],
])('refuses a cursor that holds %s', (_, cursor) => {
  const refusal = { code: 'ValidationError', extras: { details: { cursor: expect.any(String) } } }
  expect(() => positionOf(byTime, { limit: 20, cursor })).toThrow(expect.objectContaining(refusal))
})

it('refuses a cursor beside an offset', () => {
  const cursor = cursorAfter(byTime, { at, id })
  expect(() => positionOf(byTime, { limit: 20, cursor, offset: 0 })).toThrow('not accepted: cursor')
})

it('leads to the next page only when there is one more row, and repeats the query as it came', () => {
  expect(page(found(2), 'limit=2')._links).toEqual({ self: { href: '/things?limit=2' } })
  expect(page(found(2))._links).toEqual({ self: { href: '/things' } })
  const asked = 'from=2027-05-07T18:00:00%2B02:00&tag=a%26b&tag=c&limit=2&offset=4'
  const { items, _links } = page(found(3), asked)
  expect(items).toHaveLength(2)
  expect(_links.self.href).toBe(`/things?${asked}`)
  const next = new URL(_links.next?.href ?? '', 'http://localhost').searchParams
  expect([...next]).toEqual([
    ['from', '2027-05-07T18:00:00+02:00'],
    ['tag', 'a&b'],
    ['tag', 'c'],
    ['limit', '2'],
    ['cursor', cursorAfter(byTime, { at, id })],
  ])
})

it('says where it starts by offset, unless it came by cursor', () => {
  expect(page(found(1), 'limit=2')).toMatchObject({ offset: 0, total: 1, totalRelation: 'eq' })
  expect(page(found(1), `cursor=${cursorAfter(byTime, { at, id })}`)).not.toHaveProperty('offset')
})

it('stops counting where nobody reads on', () => {
  expect(page(found(1, MAX_EXACT_TOTAL + 1))).toMatchObject({ total: MAX_EXACT_TOTAL, totalRelation: 'gte' })
  expect(page(found(1, MAX_EXACT_TOTAL))).toMatchObject({ totalRelation: 'eq' })
})

it('answers as its schema says, also when empty', () => {
  const schema = pageSchema(z.object({ id: z.string(), at: z.date() }))
  for (const it of [page(found(0)), page(found(3), 'limit=2')]) expect(schema.safeParse(it).success).toBe(true)
})
