/** Rows that the large tables have. */
export const ROWS = 1_000_000

/** The id of a table's nth row; ids made in this order grow, as those of the services do (RFC 9562, version 7). */
export function idAt(index: number): string {
  return `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`
}

/** The same in SQL, of a row's number `i` or an expression of it. */
export function sqlIdAt(index: string): string {
  return `('00000000-0000-7000-8000-' || lpad(to_hex(${index}), 12, '0'))::uuid`
}

/** `insert into <table> (…) select …` for rows 1 to `count`; values are expressions of `i`. */
export function fillTable(table: string, values: Readonly<Record<string, string>>, count = ROWS): string {
  const columns = Object.keys(values).join(', ')
  return `insert into ${table} (${columns}) select ${Object.values(values).join(', ')} from generate_series(1, ${count}) as i`
}

/** A backlog that nothing sends. */
export const fullOutbox = fillTable('outbox', {
  id: 'gen_random_uuid()',
  topic: `'event.published'`,
  key: `${sqlIdAt('i')}::text`,
  type: `'event.published'`,
  source: `'/events'`,
  subject: `${sqlIdAt('i')}::text`,
  time: `'2026-01-01T00:00:00Z'`,
  dataschema: `'https://rollcall.test/schemas/event.published.v1'`,
  sequence: '1',
  data: `'{"eventId":"' || ${sqlIdAt('i')} || '"}'`,
})

/** A row in the middle of a table. */
export const somewhere = ROWS / 2
