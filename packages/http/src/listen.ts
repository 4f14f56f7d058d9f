import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:http'

export interface Listener {
  port: number
  /** Stops taking connections and lets requests in hand finish. */
  drain(): Promise<void>
}

/** Milliseconds that a client may take to send a request's headers, and the whole of it. */
const HEADERS_LIMIT_MS = 15_000
const REQUEST_LIMIT_MS = 60_000

/** Longer than the gateway keeps its own idle connections, so that it is never the one surprised by a close. */
const KEEP_ALIVE_MS = 75_000

export async function listen(app: RequestListener, port: number): Promise<Listener> {
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS, headersTimeout: HEADERS_LIMIT_MS }, app)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : port, drain: () => drain(server) }
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that had a request in hand is idle only after its answer, and its client may keep it for minutes.
    const closing = setInterval(() => server.closeIdleConnections(), 100)
    server.close(() => {
      clearInterval(closing)
      resolve()
    })
    server.closeIdleConnections()
  })
}
