import { rows } from './rows.ts'

/** A test as vitest's JSON report has it. */
export interface ReportedTest {
  title: string
  status: string
}

export interface ConformanceRow {
  number: string
  statement: string
  tests: string[]
  /** `open`: no test names it, which is never taken for passed. */
  state: 'passed' | 'failed' | 'open'
}

/** `S17, R22: fifty at once …` is a test of both rows. */
function rowsOf(title: string): string[] {
  const [, numbers = ''] = /^((?:[SR]\d+(?:, )?)+): /.exec(title) ?? []
  return numbers === '' ? [] : numbers.split(', ')
}

/** The state of every row by the tests that name it. */
export function conformanceTable(tests: readonly ReportedTest[]): ConformanceRow[] {
  const byRow = new Map<string, ReportedTest[]>()
  for (const test of tests) {
    for (const number of rowsOf(test.title)) byRow.set(number, [...(byRow.get(number) ?? []), test])
  }
  return Object.entries(rows).map(([number, statement]) => {
    const its = byRow.get(number) ?? []
    const passed = its.length > 0 && its.every(({ status }) => status === 'passed')
    return {
      number,
      statement,
      tests: its.map(({ title }) => title),
      state: its.length === 0 ? 'open' : passed ? 'passed' : 'failed',
    }
  })
}

/** Numbers that tests name and no row has. */
export function unknownRows(tests: readonly ReportedTest[]): string[] {
  return [...new Set(tests.flatMap(({ title }) => rowsOf(title)))].filter((number) => !(number in rows))
}
