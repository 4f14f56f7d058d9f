import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { Server as TcpServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Listener {
  port: number
  /** Stops taking connections and lets requests in hand finish. */
  drain(): Promise<void>
}

interface ListenOptions {
  port: number
  /**
   * Milliseconds that kept-alive connections have to bring one more request, whose answer then ends them. Default: 500.
   * One that is closed at once may have a request under way, which would be reset.
   */
  graceMs?: number
}

/** Milliseconds that a client may take to send a request's headers, and the whole of it. */
const HEADERS_LIMIT_MS = 15_000
const REQUEST_LIMIT_MS = 60_000

/** Bytes. More than the gateway lets through, so that a request which is too large is answered there, with a problem. */
const MOST_HEADERS = 80 * 1024

/** Longer than the gateway keeps its own idle connections, so that it is never the one surprised by a close. */
const KEEP_ALIVE_MS = 75_000

/** @throws when the port is taken */
export async function listen(app: RequestListener, { port, graceMs = 500 }: ListenOptions): Promise<Listener> {
  const server = createServer({
    requestTimeout: REQUEST_LIMIT_MS,
    headersTimeout: HEADERS_LIMIT_MS,
    maxHeaderSize: MOST_HEADERS,
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  const answers = followAnswers(server)
  server.on('request', app)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async drain() {
      answers.sayClose()
      await sleep(graceMs)
      await close(server)
    },
  }
}

/** Answers under way, so that those whose headers are not out yet can still say that their connection ends. */
function followAnswers(server: Server) {
  const open = new Set<ServerResponse>()
  let closing = false
  const sayClose = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }
  server.on('request', (_, response: ServerResponse) => {
    open.add(response)
    response.once('close', () => open.delete(response))
    if (closing) sayClose(response)
  })
  return {
    sayClose() {
      closing = true
      for (const response of open) sayClose(response)
    },
  }
}

/** Stops listening before it ends idle connections: one that was taken in this moment has yet to bring its request. */
async function close(server: Server): Promise<void> {
  // A connection whose answer began before the drain is idle only after it, and its client may keep it for minutes.
  const ending = setInterval(() => server.closeIdleConnections(), 100)
  await new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()))
  clearInterval(ending)
}
