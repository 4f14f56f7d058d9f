import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FileCoverage, lineCoverage } from './line-coverage.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-coverage-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SOURCE = `interface Name { first: string }
function greet(name: Name): string {
  return name.first
}
function unused(name: Name): string {
  return name.first
}
greet({ first: 'Ada' } as Name)
export type { Name }
`

/** What vitest reports for a file that it has not executed. */
const untouched: FileCoverage = {
  statementMap: {
    0: { start: { line: 3, column: 2 } },
    1: { start: { line: 6, column: 2 } },
    2: { start: { line: 8, column: 0 } },
  },
  s: { 0: 0, 1: 0, 2: 0 },
}

it('counts what a child process executed', () => {
  const file = join(folder, 'greet.ts')
  writeFileSync(file, SOURCE)
  const raw = join(folder, 'raw')
  execFileSync(process.execPath, [file], { env: { ...process.env, NODE_V8_COVERAGE: raw } })
  const { total, covered, missed } = lineCoverage({ [file]: untouched }, raw)
  expect({ total, covered, missed: missed.get(file) }).toEqual({ total: 3, covered: 2, missed: [6] })
})

it('counts what vitest executed itself', () => {
  const file = join(folder, 'greet.ts')
  const { covered } = lineCoverage({ [file]: { ...untouched, s: { 0: 1, 1: 0, 2: 0 } } }, join(folder, 'nothing'))
  expect(covered).toBe(1)
})
