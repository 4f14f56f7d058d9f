import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `requests` is what clients send to the target, `answers` what comes back. */
export type Direction = 'requests' | 'answers'

export interface TcpProxy {
  port: number
  /** `127.0.0.1:port`, for settings that ask for an address. */
  address: string
  /** Ends every open connection and refuses new ones until {@link TcpProxy.restore}. */
  cut(): void
  /** Holds back one direction's bytes: the other side seems frozen, its connections stay open. */
  pause(direction: Direction): void
  /** Undoes {@link TcpProxy.cut} and {@link TcpProxy.pause}; what was held back goes on. */
  restore(): void
  /** How many connections are open through it. */
  connections(): number
  stop(): Promise<void>
}

interface Pair {
  client: Socket
  target: Socket
}

interface ProxyOptions {
  /** Where connections lead to. */
  target: { host: string; port: number }
  /** Where the proxy listens. Default: any free port. */
  port?: number
}

/** A TCP proxy on the loopback address that fails as a network fails. */
export async function startTcpProxy({ target, port = 0 }: ProxyOptions): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const paused = new Set<Direction>()
  let refusing = false

  const server = createServer({ noDelay: true }, (client) => {
    if (refusing) return client.destroy()
    const pair = { client, target: connect({ ...target, noDelay: true }) }
    pairs.add(pair)
    join(pair)
    client.once('close', () => pairs.delete(pair))
    for (const direction of paused) hold(pair, direction)
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const bound = (server.address() as AddressInfo).port

  return {
    port: bound,
    address: `127.0.0.1:${bound}`,
    cut() {
      refusing = true
      for (const { client, target } of pairs) {
        client.destroy()
        target.destroy()
      }
    },
    pause(direction) {
      paused.add(direction)
      for (const pair of pairs) hold(pair, direction)
    },
    restore() {
      refusing = false
      paused.clear()
      for (const pair of pairs) {
        hold(pair, 'requests')
        hold(pair, 'answers')
        flow(pair)
      }
    },
    connections: () => pairs.size,
    async stop() {
      for (const { client, target } of pairs) {
        client.destroy()
        target.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function flow({ client, target }: Pair) {
  client.pipe(target)
  target.pipe(client)
}

function join({ client, target }: Pair) {
  flow({ client, target })
  for (const [socket, other] of [
    [client, target],
    [target, client],
  ] as const) {
    socket.on('error', () => {})
    socket.once('close', () => other.destroy())
  }
}

function hold({ client, target }: Pair, direction: Direction) {
  const [from, to] = direction === 'requests' ? [client, target] : [target, client]
  from.unpipe(to)
  from.pause()
}
