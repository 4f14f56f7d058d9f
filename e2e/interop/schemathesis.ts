import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Outcome } from './outcome.ts'
import { outcomesOf, readReport } from './schemathesis-report.ts'

const DOCUMENT = join(import.meta.dirname, '../../docs/api/openapi.json')
const SETTINGS = join(import.meta.dirname, 'schemathesis.toml')
const PHASES = 'examples,coverage,fuzzing,stateful'
/** Requests per operation and phase. */
const MAX_EXAMPLES = 60

/** Values that exist, by the names that the settings know. */
export type Dictionaries = Record<string, string[]>

export interface SchemathesisRun {
  python: string
  url: string
  /** Shown before the name of each check. */
  who: string
  token?: string | undefined
  dictionaries: Dictionaries
  /** `--include-operation-id` and the like. */
  selection: string[]
}

/** One outcome per check, each with the number of answers that it judged, and one for the operations that were tried. */
export async function runSchemathesis(run: SchemathesisRun): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-interop-'))
  try {
    const settings = `${await readFile(SETTINGS, 'utf8')}\n${dictionariesToml(run.dictionaries)}`
    await writeFile(join(folder, 'schemathesis.toml'), settings)
    const { code, output } = await execute(run, folder)
    const outcomes = await outcomesOf(run.who, await readReport(join(folder, 'events.ndjson')))
    const failed = outcomes.some(({ passed }) => !passed)
    if (code === 0 && outcomes.length > 0 && !failed) return outcomes
    process.stderr.write(`${output}\n`)
    return failed
      ? outcomes
      : [...outcomes, { name: run.who, passed: false, detail: `schemathesis ended with ${code}` }]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function dictionariesToml(dictionaries: Dictionaries): string {
  // JSON's strings and lists are TOML's as well.
  return Object.entries(dictionaries)
    .map(([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}\n`)
    .join('\n')
}

async function execute({ python, url, token, selection }: SchemathesisRun, folder: string) {
  const args = ['-m', 'schemathesis.cli', 'run', DOCUMENT, '--url', url, '--checks', 'all', '--phases', PHASES]
  const reports = ['--report', 'ndjson', '--report-ndjson-path', join(folder, 'events.ndjson')]
  const manner = ['--max-examples', String(MAX_EXAMPLES), '--continue-on-failure', '--generation-database', 'none']
  const header = token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]
  const child = spawn(python, [...args, ...reports, ...manner, '--no-color', ...header, ...selection], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code: code as number | null, output: `${output}${complaint}` }
}
