import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The number of a request of Kafka's protocol: who coordinates this group? */
export const FIND_COORDINATOR = 10

export type Gate = Awaited<ReturnType<typeof startGate>>

/** A port that leads to the broker while it is open. */
export async function startGate(broker: string) {
  const [host = '', port] = broker.split(':')
  const sockets = new Set<Socket>()
  let isOpen = true
  let refused: number | undefined
  const server = createServer((client) => {
    if (!isOpen) return client.destroy()
    const target = connect({ host, port: Number(port) })
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        target.destroy()
      })
    }
    // A request is its size, then its number; these clients send each in a packet of its own.
    client.on('data', (packet: Buffer) => {
      if (packet.length > 6 && packet.readInt16BE(4) === refused) client.destroy()
    })
    client.pipe(target).pipe(client)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = () => {
    isOpen = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    close,
    /** From now on; whoever makes a request of the excepted kind is cut off. */
    open({ except }: { except?: number } = {}) {
      isOpen = true
      refused = except
    },
    stop() {
      close()
      server.close()
    },
  }
}
