import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { conformanceTable, type ReportedTest, unknownRows } from './table.ts'

const REPORT = join(import.meta.dirname, '../../coverage/tests.json')

interface Report {
  startTime: number
  testResults: { assertionResults: ReportedTest[] }[]
}

function readReport(): Report {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8'))
  } catch {
    process.stderr.write('There is no report of a test run yet: run npm test first.\n')
    process.exit(1)
  }
}

const { startTime, testResults } = readReport()
const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
const table = conformanceTable(tests)
for (const { number, statement, state, tests: named } of table) {
  process.stdout.write(`${number.padEnd(4)}${state.padEnd(7)}${statement}\n`)
  for (const title of named) process.stdout.write(`           ${title}\n`)
}
const count = (wanted: string) => table.filter(({ state }) => state === wanted).length
process.stdout.write(
  `\n${count('passed')} passed, ${count('failed')} failed, ${count('open')} open, by the run of ${new Date(startTime).toISOString()}\n`,
)
const unknown = unknownRows(tests)
if (unknown.length > 0) process.stdout.write(`tests name rows that there are not: ${unknown.join(', ')}\n`)
process.exitCode = count('failed') > 0 || unknown.length > 0 ? 1 : 0
