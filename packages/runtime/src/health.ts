import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import type { Logger } from './logger.ts'
import { exposeMetrics } from './thread-metrics.ts'

/** Throws when what it looks at is not usable now. */
export type Probe = () => unknown

export interface Readiness {
  check(name: string, probe: Probe): void
  /** A check that fails until it is opened. */
  gate(name: string): { open(): void }
  /** Names and reasons of the checks that fail; empty when the process may get traffic. */
  failing(): Promise<Record<string, string>>
}

/** A probe that hangs is a failed probe. */
const PROBE_LIMIT_MS = 2000

export function createReadiness(): Readiness {
  const probes = new Map<string, Probe>()
  return {
    check: (name, probe) => void probes.set(name, probe),
    gate(name) {
      probes.set(name, () => {
        throw new Error('not yet')
      })
      return { open: () => void probes.delete(name) }
    },
    async failing() {
      const results = await Promise.all([...probes].map(async ([name, probe]) => [name, await outcome(probe)] as const))
      return Object.fromEntries(results.filter((result): result is [string, string] => result[1] !== undefined))
    },
  }
}

async function outcome(probe: Probe): Promise<string | undefined> {
  const limit = new AbortController()
  const late = sleep(PROBE_LIMIT_MS, 'no answer', { signal: limit.signal }).catch(() => undefined)
  try {
    return await Promise.race([
      Promise.resolve()
        .then(probe)
        .then(() => undefined),
      late,
    ])
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error)
  } finally {
    limit.abort()
  }
}

interface HealthServer {
  port: number
  close(): Promise<void>
}

interface HealthOptions {
  port: number
  readiness: Readiness
  registry: Registry
  log: Logger
}

/**
 * The inner port: `/livez` (the process turns its event loop), `/readyz` (it may get traffic; 503 names what is
 * missing) and `/metrics` (Prometheus text format). Reasons are for operators: this port stays off the gateway.
 */
export async function startHealthServer({ port, readiness, registry, log }: HealthOptions): Promise<HealthServer> {
  async function serve(request: IncomingMessage, response: ServerResponse) {
    if (request.url === '/livez') return answer(response, 200, { status: 'ok' })
    if (request.url === '/readyz') {
      const failing = await readiness.failing()
      const ready = Object.keys(failing).length === 0
      return answer(response, ready ? 200 : 503, ready ? { status: 'ready' } : { status: 'not ready', failing })
    }
    if (request.url === '/metrics') {
      response.setHeader('content-type', registry.contentType)
      return response.end(await exposeMetrics(registry))
    }
    return answer(response, 404, { status: 'not found' })
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      log.warn({ err: error }, 'a health request failed')
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  log.info({ port: bound }, 'health and metrics are served')
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
