import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@rollcall/engines/ports'
import type { RunRecord } from '@rollcall/engines/run-record'
import { ROOT } from '@rollcall/engines/workspace'
import { PORTS } from '@rollcall/stack/settings'

const READY_WITHIN_MS = 120_000
const run = promisify(execFile)

export interface Start {
  child: ChildProcess
  /** What it has printed so far. */
  output(): string
}

/** `npm start` and its companions with ports and state of their own: beside the newcomer's, and without touching it. */
export async function prepareLocalStart(settings: Record<string, string> = {}) {
  const state = await mkdtemp(join(tmpdir(), 'rollcall-start-'))
  const environment: NodeJS.ProcessEnv = { ...process.env, ...settings, ROLLCALL_STATE: state }
  for (const name of Object.keys(PORTS)) environment[name] = String(await freePort())
  const program = (name: string) => join(ROOT, `infra/local/${name}.ts`)

  /** Runs one of the commands to its end; gives what it printed. */
  async function command(name: string, args: string[] = [], input = ''): Promise<string> {
    const running = run(process.execPath, [program(name), ...args], { env: environment })
    running.child.stdin?.end(input)
    return (await running).stdout
  }

  /** @throws with its output when it ends before it is ready. */
  async function start(): Promise<Start> {
    const child = spawn(process.execPath, [program('start')], { env: environment })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const deadline = performance.now() + READY_WITHIN_MS
    while (!output.includes('Rollcall is ready')) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`not ready\n${output}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { child, output: () => output }
  }

  /** Walks the first journey as `npm run demo` does, and gives what it printed. */
  async function demo(): Promise<string> {
    return (await run(process.execPath, [join(ROOT, 'e2e/demo.ts')], { env: environment })).stdout
  }

  return {
    start,
    command,
    demo,
    /** What the start remembers about its processes. */
    record: async () => JSON.parse(await readFile(join(state, 'run.json'), 'utf8')) as RunRecord,
    endpoints: async () => JSON.parse(await command('endpoints')) as { gateway: string },
    async clear() {
      await command('stop')
      await command('reset', ['--yes'])
      await rm(state, { recursive: true, force: true })
    },
  }
}

export type LocalStart = Awaited<ReturnType<typeof prepareLocalStart>>

/** Sends the signal and gives the exit code. */
export async function end({ child }: Start, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal)
  const [code] = await once(child, 'exit')
  return code as number | null
}

/** Makes an admin by the command, and signs in through the gateway. */
export async function signInAsNewAdmin(local: LocalStart) {
  const credentials = { email: 'admin@example.org', password: 'Correct horse battery 7!' }
  const args = ['admin', 'create', '--email', credentials.email, '--password-stdin']
  await local.command('rollcall', args, `${credentials.password}\n`)
  const answer = await fetch(`${(await local.endpoints()).gateway}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  })
  return (await answer.json()) as { accessToken: string; user: { role: string } }
}
