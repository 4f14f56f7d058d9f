// The door of every npm script. It runs on whatever Node the newcomer has (20 or newer), installs what the clone needs,
// and goes on with the workspace's own Node, which runs TypeScript as it is.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startOf } from '../engines/process-start.mjs'

const LOWEST_NODE = 20
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
const MARKER = join(ROOT, 'node_modules/.rollcall-installed')
/** Of the one who installs: two at once would write the same folders. */
const LOCK = join(ROOT, '.rollcall/installing.json')
/** For those who wait for `npm start`, before it has a run to show. */
const DOOR = join(process.env.ROLLCALL_STATE || join(ROOT, '.rollcall'), 'door.json')

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
  conformance: 'infra/conformance/main.ts',
  docs: 'infra/docs/main.ts',
  bench: 'bench/main.ts',
  'proof:fresh': 'infra/proof/main.ts',
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

// To the error stream: a script's own output may be read by a program.
const say = (line) => process.stderr.write(`${line}\n`)

/** Leaves a file that names this process, until it ends; `flag` is `wx` where only the first may. */
function leaveMark(file, flag) {
  const mark = JSON.stringify({ name: script, pid: process.pid, startedAt: startOf(process.pid) })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, mark, { flag })
  process.once('exit', () => {
    if (readOrNothing(file) === mark) rmSync(file, { force: true })
  })
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Whether the process that left this mark is gone. */
function isLeftOver(file) {
  const mark = readOrNothing(file)
  try {
    const { pid, startedAt } = JSON.parse(mark)
    return startOf(pid) !== startedAt
  } catch {
    // Being written this moment, or cut off by a crash of the machine.
    return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5_000
  }
}

/** Waits while another one installs, and then is the one. */
async function takeLock() {
  for (let tries = 0; ; tries += 1) {
    try {
      return leaveMark(LOCK, 'wx')
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isLeftOver(LOCK)) rmSync(LOCK, { force: true })
    // The first line at once, then one every ten seconds.
    if (tries % 100 === 0) say('Another command is installing packages here; waiting for it ...')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const isInstalled = () => readOrNothing(MARKER) === fingerprint()

async function install() {
  if (isInstalled()) return
  await takeLock()
  if (!isInstalled()) await installPackages()
  rmSync(LOCK, { force: true })
}

async function installPackages() {
  const wanted = fingerprint()
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const startedAt = Date.now()
  const elapsed = () => `${((Date.now() - startedAt) / 1000).toFixed(0)} s`
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
if (script === 'start') leaveMark(DOOR)
await install()
const bin = join(ROOT, 'node_modules/.bin')
process.exitCode = await run(join(bin, 'node'), [join(ROOT, target), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
})
