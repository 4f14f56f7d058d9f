import { connect } from 'node:net'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry, type Registry } from '@rollcall/runtime/metrics'
import { createHttpApp, type HttpAppOptions } from '../src/app.ts'
import { type Listener, listen } from '../src/listen.ts'

export const PUBLIC_URL = 'http://rollcall.test'

export interface ServedApp {
  url: string
  listener: Listener
  registry: Registry
  /** What it has logged, one entry a line. */
  lines: Record<string, unknown>[]
  /** Sends bytes as they are and gives all that comes back until the connection ends. */
  raw(text: string | Buffer): Promise<string>
}

/** Operations over HTTP, without any engine: nothing is limited, and nobody is known. */
export async function serveApp(options: Pick<HttpAppOptions, 'routes'> & Partial<HttpAppOptions>): Promise<ServedApp> {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const registry = createRegistry('test')
  const app = createHttpApp({
    authenticate: { bearer: async () => undefined, opsCookie: async () => undefined },
    rateLimits: { count: async () => ({}) },
    knowledgeAgeMs: () => 0,
    publicUrl: PUBLIC_URL,
    corsOrigins: [PUBLIC_URL],
    trustedProxies: ['loopback'],
    checkAnswers: true,
    log: createLogger({ service: 'test', level: 'debug', destination }),
    registry,
    ...options,
  })
  const listener = await listen(app, { port: 0, graceMs: 100 })
  const raw = (text: string | Buffer) =>
    new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(listener.port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
      })
      socket.once('error', reject)
      socket.once('close', () => resolve(received))
    })
  return { url: `http://127.0.0.1:${listener.port}`, listener, registry, lines, raw }
}
