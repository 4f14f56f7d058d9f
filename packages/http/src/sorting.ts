import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'

/** What a list is sorted by; its id decides between rows of the same value. */
export interface Sort<Row> {
  /** Stable: part of its cursors, so that one of another order is not taken. */
  name: string
  column: RawBuilder<unknown>
  id: RawBuilder<unknown>
  kind: keyof typeof kinds
  /** Default: the least first. */
  descending?: boolean
  value(row: Row): SortValue
  idOf(row: Row): string
}

export type SortValue = Date | string | number

/** How a value travels in a cursor and is compared in SQL. */
const kinds = {
  time: { schema: z.iso.datetime(), type: sql`timestamptz` },
  text: { schema: z.string().max(400), type: sql`text` },
  number: { schema: z.number(), type: sql`numeric` },
} as const

/** Where a page begins: after the row with this value and id. */
export interface Position {
  value: string | number
  id: string
}

/** The cursor that leads to what comes after `row`. */
export function cursorAfter<Row>(sort: Sort<Row>, row: Row): string {
  const value = sort.value(row)
  const content = [sort.name, value instanceof Date ? value.toISOString() : value, sort.idOf(row)]
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

/** Undefined for a cursor that no page of this order gave. */
export function readCursor(sort: Pick<Sort<never>, 'name' | 'kind'>, cursor: string): Position | undefined {
  const Content = z.tuple([z.literal(sort.name), kinds[sort.kind].schema, z.uuid()])
  try {
    const [, value, id] = Content.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { value, id }
  } catch {
    return undefined
  }
}

export function isAfter<Row>({ column, id, kind, descending }: Sort<Row>, position: Position): RawBuilder<boolean> {
  const comes = descending ? sql`<` : sql`>`
  return sql<boolean>`(${column}, ${id}) ${comes} (${position.value}::${kinds[kind].type}, ${position.id}::uuid)`
}

/** What a list may be sorted by: each of these, and as `-name` the other way round. */
export function sortsOf<Row>(ascending: readonly Sort<Row>[]) {
  const sorts = ascending.flatMap((sort) => [sort, reversed(sort)])
  return {
    names: sorts.map(({ name }) => name),
    /** @throws {TypeError} for a name that is none of `names` */
    named(wanted: string): Sort<Row> {
      const sort = sorts.find(({ name }) => name === wanted)
      if (!sort) throw new TypeError(`there is no order ${wanted}`)
      return sort
    },
  }
}

function reversed<Row>(sort: Sort<Row>): Sort<Row> {
  return { ...sort, name: `-${sort.name}`, descending: !sort.descending }
}
