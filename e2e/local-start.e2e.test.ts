import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@rollcall/local/ports'
import { isAlive } from '@rollcall/local/process-mark'
import type { RunRecord } from '@rollcall/local/run-record'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const PORTS = ['GATEWAY', 'MAILBOX', 'SMTP', 'POSTGRES', 'REDIS', 'KAFKA', 'MINIO']
const SERVICE_PORTS = ['USERS', 'EVENTS', 'NOTIFICATIONS'].flatMap((name) => [name, `${name}_INNER`])
const READY_WITHIN_MS = 90_000

let state: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'rollcall-start-'))
  environment = { ...process.env, ROLLCALL_STATE: state, ROLLCALL_ENGINES: 'native', NODE_ENV: 'development' }
  for (const name of [...PORTS, ...SERVICE_PORTS]) environment[`${name}_PORT`] = String(await freePort())
})

afterAll(async () => {
  await script('stop')
  await script('reset', '--yes')
  rmSync(state, { recursive: true, force: true })
})

const script = (name: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, `infra/local/${name}.ts`), ...args], { env: environment })

const record = () => JSON.parse(readFileSync(join(state, 'run.json'), 'utf8')) as RunRecord

/** `npm run rollcall`, with its standard input. */
async function rollcall(args: string[], input: string): Promise<string> {
  const running = script('rollcall', ...args)
  running.child.stdin?.end(input)
  return (await running).stdout
}

/** Adds the one who decides everything, and signs in as them through the gateway. */
async function signInAsNewAdmin(gateway: string): Promise<unknown> {
  const [email, password] = ['admin@example.org', 'Correct horse battery 7!']
  expect(await rollcall(['admin', 'create', '--email', email, '--password-stdin'], `${password}\n`)).toContain(email)
  const answer = await fetch(`${gateway}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  return answer.json()
}

async function start(): Promise<{ child: ChildProcess; output(): string }> {
  const child = spawn(process.execPath, [join(ROOT, 'infra/local/start.ts')], { env: environment })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    output += String(chunk)
  })
  await vi.waitUntil(() => output.includes('Rollcall is ready') || child.exitCode !== null, {
    timeout: READY_WITHIN_MS,
  })
  expect(output).toContain('Rollcall is ready')
  return { child, output: () => output }
}

it('starts everything, adds an admin, survives its own kill -9, and ends everything on Ctrl-C', {
  timeout: 300_000,
}, async () => {
  const first = await start()
  const { stdout } = await script('endpoints')
  const { gateway } = JSON.parse(stdout) as { gateway: string }
  expect((await fetch(`${gateway}/events`)).status).toBe(200)

  expect(await signInAsNewAdmin(gateway)).toMatchObject({ user: { role: 'admin' } })

  await expect(script('start')).rejects.toMatchObject({ stderr: expect.stringContaining('already running') })

  const left = record().processes
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  expect(left.filter(isAlive).length).toBeGreaterThan(8)

  const second = await start()
  expect(second.output()).toContain('An earlier start was killed; ended what it had left')
  expect(left.filter(isAlive)).toEqual([])

  const running = record().processes
  second.child.kill('SIGINT')
  const [code] = await once(second.child, 'exit')
  expect(code).toBe(0)
  expect(running.filter(isAlive)).toEqual([])
  const stopping = [...second.output().matchAll(/ {2}stopping (\S+)/g)].map(([, name]) => name)
  expect(stopping).toEqual(running.map(({ name }) => name).reverse())
})
