import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@rollcall/engines/ports'
import { ROOT } from '@rollcall/engines/workspace'
import { memoryEnvironment, nodeOptions } from '@rollcall/stack/service-command'

const READY_WITHIN_MS = 30_000

export interface ServiceProcess {
  pid: number
  /** The public port's. */
  baseUrl: string
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  innerUrl: string
  /** What it has logged so far, both streams. */
  logs(): string
  /** Sends the signal; the process may go on. */
  signal(signal: NodeJS.Signals): void
  /** Ends the process by this signal (default SIGKILL) and waits until it is gone. Gives its exit code, null when a signal ended it. */
  kill(signal?: NodeJS.Signals): Promise<number | null>
  /** Waits until it has ended by itself. */
  ended(): Promise<number | null>
}

export interface StartService {
  /** The folder's name under `services/`. */
  name: string
  /** Added to NODE_ENV, LOG_LEVEL and INNER_PORT; PORT is a free one unless it is given. */
  environment: Record<string, string>
  /** False to get the process at once, for tests of what happens before it is ready. */
  waitUntilReady?: boolean
}

/**
 * Starts a service as a process of its own, on free ports, and waits until `/readyz` says 200.
 *
 * @throws with what it has logged when it ends before that or takes more than 30 s.
 */
export async function startService(wanted: StartService): Promise<ServiceProcess> {
  const port = Number(wanted.environment['PORT'] ?? (await freePort()))
  const innerPort = await freePort()
  const child = spawn(process.execPath, [...nodeOptions, join(ROOT, 'services', wanted.name, 'src/main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ...memoryEnvironment,
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      PORT: String(port),
      INNER_PORT: String(innerPort),
      ...wanted.environment,
    },
  })
  const service = describe(child, { port, innerPort })
  if (wanted.waitUntilReady !== false) await waitUntilReady(service, child)
  return service
}

function describe(child: ChildProcess, { port, innerPort }: { port: number; innerPort: number }): ServiceProcess {
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  // A run that ends in the middle, by its own exit or Ctrl-C, leaves no service behind that looks for its engines for ever.
  const endWithThis = () => child.kill('SIGKILL')
  process.once('exit', endWithThis)
  const ended = once(child, 'exit').then(([code]) => {
    process.off('exit', endWithThis)
    return code as number | null
  })
  return {
    pid: child.pid as number,
    baseUrl: `http://127.0.0.1:${port}`,
    innerUrl: `http://127.0.0.1:${innerPort}`,
    logs: () => output,
    signal: (signal) => child.kill(signal),
    ended: () => ended,
    kill(signal = 'SIGKILL') {
      child.kill(signal)
      return ended
    },
  }
}

async function waitUntilReady(service: ServiceProcess, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended while starting\n${service.logs()}`)
    const answer = await fetch(`${service.innerUrl}/readyz`).catch(() => undefined)
    if (answer?.status === 200) return
    if (performance.now() > deadline) {
      await service.kill()
      throw new Error(`not ready within ${READY_WITHIN_MS} ms: ${await answer?.text()}\n${service.logs()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
