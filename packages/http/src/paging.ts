import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { DomainError } from './errors.ts'

const MAX_OFFSET = 10_000
const NO_CURSOR = 'is not a cursor that this list gave'

/** Counting stops here: an exact total of a large table costs more than anybody reads. */
export const MAX_EXACT_TOTAL = 10_000

/** Members that every list's query has. `offset` is for people, `cursor` for machines; both at once is a contradiction. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(MAX_OFFSET).optional(),
  cursor: z
    .string()
    .max(500)
    .regex(/^[A-Za-z0-9_-]+$/, NO_CURSOR)
    .optional(),
}

export interface PageRequest {
  limit: number
  offset?: number | undefined
  cursor?: string | undefined
}

/** Position in a list sorted by a time and an id. */
export interface Position {
  at: Date
  id: string
}

const CursorContent = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()])

export function encodeCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')
}

/**
 * Where a page starts.
 *
 * @throws {DomainError} `ValidationError` for a cursor that no page gave, or one beside an offset.
 */
export function positionOf({ cursor, offset }: PageRequest): Position | undefined {
  if (cursor === undefined) return undefined
  if (offset !== undefined) throw invalidCursor('cannot be combined with offset')
  try {
    const [at, id] = CursorContent.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { at, id }
  } catch {
    throw invalidCursor(NO_CURSOR)
  }
}

function invalidCursor(message: string) {
  return new DomainError('ValidationError', 'not accepted: cursor', { details: { cursor: message } })
}

/** The page after `position` in the order `(at, id)`, ascending. */
export function after(columns: { at: RawBuilder<unknown>; id: RawBuilder<unknown> }, { at, id }: Position) {
  return sql<boolean>`(${columns.at}, ${columns.id}) > (${at}, ${id}::uuid)`
}

export interface PageContent<Item> {
  /** One row more than `limit` when there is a next page. */
  rows: Item[]
  /** Counted up to one more than {@link MAX_EXACT_TOTAL}. */
  counted: number
  position(item: Item): Position
}

export interface PageAddress {
  path: string
  request: PageRequest & Record<string, unknown>
}

/** A page as lists answer it; `_links.next` carries a cursor, so that a deep page costs what the first one did. */
export function pageOf<Item>({ rows, counted, position }: PageContent<Item>, { path, request }: PageAddress) {
  const items = rows.slice(0, request.limit)
  const last = items.at(-1)
  const hasNext = rows.length > request.limit && last !== undefined
  const link = (changes: Record<string, unknown>) => ({ href: `${path}${queryString({ ...request, ...changes })}` })
  return {
    items,
    total: Math.min(counted, MAX_EXACT_TOTAL),
    totalRelation: counted > MAX_EXACT_TOTAL ? ('gte' as const) : ('eq' as const),
    limit: request.limit,
    ...(request.cursor === undefined ? { offset: request.offset ?? 0 } : {}),
    _links: {
      self: link({}),
      ...(hasNext ? { next: link({ offset: undefined, cursor: encodeCursor(position(last)) }) } : {}),
    },
  }
}

function queryString(members: Record<string, unknown>): string {
  const present = Object.entries(members).filter(([, value]) => value !== undefined)
  return present.length === 0
    ? ''
    : `?${new URLSearchParams(present.map(([key, value]): [string, string] => [key, String(value)]))}`
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
