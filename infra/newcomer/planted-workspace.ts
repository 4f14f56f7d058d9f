import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

const FOLDERS = ['packages', 'services', 'infra', 'bench', 'e2e', 'docs', '.github']
const FILES = [
  'package.json',
  'pnpm-workspace.yaml',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
  'Dockerfile',
  'docker-compose.yml',
  '.env.example',
]
const LEFT_OUT = new Set(['coverage', 'results', '.cache', '.vite', '.turbo'])

export interface PlantedWorkspace {
  /** A new file. */
  write(file: string, text: string): void
  /** Puts `text` in front of what stands there once. */
  insert(file: string, before: string, text: string): void
  replace(file: string, from: string, to: string): void
  /** What `pnpm install` does for a new service that needs what another one needs. */
  install(service: string, like: string): void
}

/** A copy of the workspace, to be changed as somebody would change the workspace itself. */
export function plantWorkspace() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-planted-'))
  const isWanted = (path: string) => !LEFT_OUT.has(basename(path))
  // Links stay as they are, so that a package of the copy finds the copy's packages.
  const options = { recursive: true, verbatimSymlinks: true, filter: isWanted }
  for (const part of [...FOLDERS, ...FILES]) cpSync(join(ROOT, part), join(folder, part), options)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))

  return {
    folder,
    /** The same for somebody whose changes are counted: their files, in order. */
    forSomebody() {
      const changed = new Set<string>()
      return { workspace: changesIn(folder, changed), changed: () => [...changed].sort() }
    },
    compile: () => compile(folder),
    /** Runs a module inside of it; gives what it prints, parsed. */
    async evaluate(source: string): Promise<unknown> {
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder })
      return JSON.parse(stdout)
    },
    /** Names of the unit tests that fail there, of these files. */
    failingTests: (files: string[]) => failingTests(folder, files),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function changesIn(folder: string, changed: Set<string>): PlantedWorkspace {
  const replace = (file: string, from: string, to: string) => {
    const text = readFileSync(join(folder, file), 'utf8')
    if (text.split(from).length !== 2) throw new Error(`${file} does not hold "${from}" once`)
    writeFileSync(
      join(folder, file),
      text.replace(from, () => to),
    )
    changed.add(file)
  }
  return {
    write(file, text) {
      if (existsSync(join(folder, file))) throw new Error(`${file} is there already`)
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
      changed.add(file)
    },
    insert: (file, before, text) => replace(file, before, `${text}${before}`),
    replace,
    install(service, like) {
      const modules = (name: string) => join(folder, 'services', name, 'node_modules')
      cpSync(modules(like), modules(service), { recursive: true, verbatimSymlinks: true })
    },
  }
}

/** What the compiler says about it, a line for each mistake. */
async function compile(folder: string): Promise<string[]> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const { stdout } = await run(tsc, ['--pretty', 'false'], { cwd: folder }).catch((failure) => failure)
  return String(stdout)
    .split('\n')
    .filter((line) => /^\S.*error TS/.test(line))
}

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[]
}

async function failingTests(folder: string, files: string[]): Promise<string[]> {
  const vitest = join(folder, 'node_modules/.bin/vitest')
  const report = join(folder, 'tests.json')
  const args = ['run', '--project', 'unit', '--reporter=json', `--outputFile=${report}`, ...files]
  await run(vitest, args, { cwd: folder }).catch(() => {})
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  if (tests.length === 0) throw new Error(`no test of ${files.join(', ')} has run`)
  return tests.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName)
}
