import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/**
 * Connections of this process to the broker go to another port from now on. A client connects to the address that the
 * broker advertises, whatever it was given, so the detour has to lie below it.
 */
export function detour(broker: string, port: number) {
  const brokerPort = Number(broker.split(':')[1])
  const connect = net.connect
  const detoured = (options: net.TcpNetConnectOpts, listener?: () => void) =>
    connect(options.port === brokerPort ? { ...options, port } : options, listener)
  net.connect = detoured as typeof net.connect
  syncBuiltinESMExports()
}
