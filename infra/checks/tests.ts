import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type FileCoverage, lineCoverage } from './line-coverage.ts'
import { type FileTimes, slowestFiles } from './slowest-files.ts'
import type { Counts } from './static-checks.ts'
import { ROOT } from './tool.ts'

const COVERAGE_FOLDER = join(ROOT, 'coverage')
const RESULTS = join(COVERAGE_FOLDER, 'tests.json')
/** What the processes that tests start have executed. */
const CHILDREN = join(COVERAGE_FOLDER, 'children')
const LOWEST_COVERAGE = 90
/** Files that are named: those with most missed lines, and those that took longest. */
const LISTED = 10

interface VitestResults {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: (FileTimes & { status: string; assertionResults: { status: string }[] })[]
}

/** Runs unit, integration and end-to-end tests with coverage, and counts what became of them. */
export async function runTests(): Promise<Counts[]> {
  rmSync(COVERAGE_FOLDER, { recursive: true, force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`]
  const code = await run('vitest', ['run', '--coverage', ...reporters])
  const coverage = coverageVerdict()
  printSlowest()
  return [countTests({ code, coverage }), coverage]
}

function run(tool: string, args: string[]): Promise<number> {
  const environment = { ...process.env, ROLLCALL_CHILD_COVERAGE: CHILDREN }
  const child = spawn(join(ROOT, 'node_modules/.bin', tool), args, { cwd: ROOT, stdio: 'inherit', env: environment })
  return new Promise((resolve, reject) => child.once('close', (code) => resolve(code ?? 1)).once('error', reject))
}

function countTests({ code, coverage }: { code: number; coverage: Counts }): Counts {
  const results = readJson<VitestResults>(RESULTS)
  if (!results) return { passed: 0, failed: 1, skipped: 0 }
  // A file that cannot be loaded has no tests that could fail.
  const broken = results.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
  })
  const counts = {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length,
    skipped: results.numPendingTests + results.numTodoTests,
  }
  // Vitest also fails for what is in no test's result, such as an error after the last test, or for too little coverage, which counts by itself.
  const unexplained = code !== 0 && counts.failed === 0 && coverage.failed === 0
  return unexplained ? { ...counts, failed: 1 } : counts
}

function coverageVerdict(): Counts {
  const files = readJson<Record<string, FileCoverage>>(join(COVERAGE_FOLDER, 'coverage-final.json'))
  const { total, covered, missed } = lineCoverage(files ?? {}, CHILDREN)
  const percent = total === 0 ? 0 : (100 * covered) / total
  const enough = percent >= LOWEST_COVERAGE
  print(`coverage: ${percent.toFixed(2)} % of ${total} lines; at least ${LOWEST_COVERAGE} % is asked for`)
  for (const [file, lines] of worst(missed))
    print(`  ${relative(ROOT, file)}: ${lines.length} lines missed, ${lines.join(' ')}`)
  return { passed: enough ? 1 : 0, failed: enough ? 0 : 1, skipped: 0 }
}

function printSlowest(): void {
  const results = readJson<VitestResults>(RESULTS)?.testResults ?? []
  const files = results.map((file) => ({ ...file, name: relative(ROOT, file.name) }))
  print(['slowest test files:', ...slowestFiles(files, LISTED)].join('\n'))
}

function worst(missed: Map<string, number[]>): [string, number[]][] {
  return [...missed].sort(([, one], [, other]) => other.length - one.length).slice(0, LISTED)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}
