import { seconds } from '@rollcall/runtime/clock'
import { type CompiledQuery, type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { DomainError } from './errors.ts'
import { integerParameter } from './fields.ts'
import { cursorAfter, isAfter, type Position, readCursor, type Sort } from './sorting.ts'

const MAX_OFFSET = 10_000
const NO_CURSOR = 'is not a cursor that this list gave'

/** Counting stops here: an exact total of a large table costs more than anybody reads. */
export const MAX_EXACT_TOTAL = 10_000

/** Members that every list's query has. `offset` is for people, `cursor` for machines; both at once is a contradiction. */
export const pageQuery = {
  limit: integerParameter({ min: 1, max: 100 }).default(20),
  offset: integerParameter({ min: 0, max: MAX_OFFSET }).optional(),
  cursor: z
    .string()
    .max(1000)
    .regex(/^[A-Za-z0-9_-]+$/, NO_CURSOR)
    .optional(),
}

export interface PageRequest {
  limit: number
  offset?: number | undefined
  cursor?: string | undefined
}

/**
 * Where a page starts.
 *
 * @throws {DomainError} `ValidationError` for a cursor that no page of this order gave, or one beside an offset.
 */
export function positionOf(
  sort: Pick<Sort<never>, 'name' | 'kind'>,
  { cursor, offset }: PageRequest,
): Position | undefined {
  if (cursor === undefined) return undefined
  if (offset !== undefined) throw invalidCursor('cannot be combined with offset')
  const position = readCursor(sort, cursor)
  if (!position) throw invalidCursor(NO_CURSOR)
  return position
}

function invalidCursor(message: string) {
  return new DomainError('ValidationError', 'not accepted: cursor', { details: { cursor: message } })
}

export interface Found<Row> {
  /** One row more than `limit` when there is a next page. */
  rows: Row[]
  /** Counted up to one more than {@link MAX_EXACT_TOTAL}; a list of so many that has shrunk counts as large for 10 s more. */
  counted: number
}

interface List<Whole, DB, Tables extends keyof DB, Row> {
  db: Kysely<Whole>
  /** Which rows the list has, without what is shown of them: list and count are made of the same. */
  // biome-ignore lint/complexity/noBannedTypes: Kysely's own type of a query that selects nothing yet
  filtered: SelectQueryBuilder<DB, Tables, {}>
  // biome-ignore lint/complexity/noBannedTypes: as above
  select(query: SelectQueryBuilder<DB, Tables, {}>): SelectQueryBuilder<DB, Tables, Row>
  sort: Sort<Row>
}

/** A page of a list, and how many rows the whole list has. @throws {DomainError} as {@link positionOf} */
export async function findPage<Whole, DB, Tables extends keyof DB, Row>(
  { db, filtered, select, sort }: List<Whole, DB, Tables, Row>,
  request: PageRequest,
): Promise<Found<Row>> {
  const position = positionOf(sort, request)
  const direction = sort.descending ? 'desc' : 'asc'
  const page = select(position ? filtered.where(isAfter(sort, position)) : filtered)
    .orderBy(sort.column, direction)
    .orderBy(sort.id, direction)
    .limit(request.limit + 1)
    .offset(request.offset ?? 0)
  const all = filtered.select(sql<number>`1`.as('one')).limit(MAX_EXACT_TOTAL + 1)
  const counting = sql<{ count: number }>`select count(*) as count from ${all.as('listed')}`.compile(db)
  const [rows, counted] = await Promise.all([page.execute() as Promise<Row[]>, count(db, counting)])
  return { rows, counted }
}

/** Lists that had more than {@link MAX_EXACT_TOTAL} rows a moment ago, by database and what they were asked. */
const large = new WeakMap<object, LRUCache<string, true>>()
const LARGE_FOR_MS = seconds(10)
const MOST_LARGE = 500

/** Counting is most of what a page of a large list costs: that one is large is known for a while. */
async function count<Whole>(db: Kysely<Whole>, counting: CompiledQuery<{ count: number }>): Promise<number> {
  const known = large.get(db) ?? new LRUCache({ max: MOST_LARGE, ttl: LARGE_FOR_MS })
  large.set(db, known)
  const name = JSON.stringify([counting.sql, counting.parameters])
  if (known.has(name)) return MAX_EXACT_TOTAL + 1
  const counted = (await db.executeQuery(counting)).rows[0]?.count ?? 0
  if (counted > MAX_EXACT_TOTAL) known.set(name, true)
  return counted
}

interface PageOf<Row, Item> {
  path: string
  /** The query as it came: links repeat it, and parsed values may be written otherwise. */
  search: string
  request: PageRequest
  sort: Sort<Row>
  toItem(row: Row): Item
}

/** A page as lists answer it; `_links.next` carries a cursor, so that a deep page costs what the first one did. */
export function pageOf<Row, Item>({ rows, counted }: Found<Row>, page: PageOf<Row, Item>) {
  const { path, search, request, sort, toItem } = page
  const shown = rows.slice(0, request.limit)
  const last = shown.at(-1)
  const hasNext = rows.length > request.limit && last !== undefined
  return {
    items: shown.map(toItem),
    total: Math.min(counted, MAX_EXACT_TOTAL),
    totalRelation: counted > MAX_EXACT_TOTAL ? ('gte' as const) : ('eq' as const),
    limit: request.limit,
    ...(request.cursor === undefined ? { offset: request.offset ?? 0 } : {}),
    _links: {
      self: { href: search === '' ? path : `${path}?${search}` },
      ...(hasNext ? { next: { href: nextPage(path, search, cursorAfter(sort, last)) } } : {}),
    },
  }
}

function nextPage(path: string, search: string, cursor: string): string {
  const parameters = new URLSearchParams(search)
  parameters.delete('offset')
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}

/** The schema of {@link pageOf}'s answer. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  const link = z.object({ href: z.string() })
  return z.object({
    items: z.array(item),
    total: z.int(),
    totalRelation: z.enum(['eq', 'gte']).describe('gte: there are at least this many'),
    limit: z.int(),
    offset: z.int().optional(),
    _links: z.object({ self: link, next: link.optional() }),
  })
}
