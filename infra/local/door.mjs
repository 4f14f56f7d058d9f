// The door of every npm script. It runs on whatever Node the newcomer has (20 or newer), installs what the clone needs,
// and goes on with the workspace's own Node, which runs TypeScript as it is.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LOWEST_NODE = 20
const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')
const MARKER = join(ROOT, 'node_modules/.rollcall-installed')

/** What each npm script runs. */
const SCRIPTS = {
  start: 'infra/local/start.ts',
  stop: 'infra/local/stop.ts',
  reset: 'infra/local/reset.ts',
  logs: 'infra/local/logs.ts',
  endpoints: 'infra/local/endpoints.ts',
  rollcall: 'infra/local/rollcall.ts',
  test: 'infra/checks/main.ts',
  demo: 'e2e/demo.ts',
  interop: 'e2e/interop.ts',
  docs: 'infra/docs/main.ts',
  bench: 'bench/main.ts',
}

const [script, ...args] = process.argv.slice(2)

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < LOWEST_NODE) fail(`Rollcall needs Node ${LOWEST_NODE} or newer; this is ${process.versions.node}.`)
}

/** Changes when, and only when, an install would have something to do. */
function fingerprint() {
  const hash = createHash('sha256')
  const manifests = ['packages', 'services', 'infra', '.']
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name, 'package.json')))
  const single = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(ROOT, name))
  for (const file of [...manifests.sort(), ...single]) if (existsSync(file)) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** Runs a program, hands signals on to it, and gives its exit code; Ctrl-C is the program's to answer. */
function run(command, commandArgs, { onOutput, ...options }) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { cwd: ROOT, ...options })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.once('error', (error) => fail(`cannot run ${command}: ${error.message}`))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

async function install() {
  const wanted = fingerprint()
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) return
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const startedAt = Date.now()
  const elapsed = () => `${((Date.now() - startedAt) / 1000).toFixed(0)} s`
  // To the error stream: a script's own output may be read by a program.
  const say = (line) => process.stderr.write(`${line}\n`)
  say(`Installing packages with ${packageManager} ...`)
  const repeat = setInterval(() => say(`Installing packages ... ${elapsed()} so far`), 10_000)
  // Dozens of lines that tell a newcomer nothing, unless it fails.
  let output = ''
  const code = await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
    onOutput: (chunk) => {
      output += chunk
    },
  })
  clearInterval(repeat)
  if (code !== 0) fail(`${output}Installing packages failed; what went wrong is above.`)
  writeFileSync(MARKER, wanted)
  say(`Installing packages: done in ${elapsed()}`)
}

checkNode()
const target = SCRIPTS[script]
if (!target) fail(`There is no script ${script}; there are: ${Object.keys(SCRIPTS).join(', ')}.`)
await install()
const bin = join(ROOT, 'node_modules/.bin')
process.exitCode = await run(join(bin, 'node'), [join(ROOT, target), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
})
