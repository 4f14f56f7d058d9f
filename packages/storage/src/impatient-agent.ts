import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { lateAnswer } from './deadline.ts'

/**
 * Connections that are ended when nothing comes or goes for so many milliseconds, whoever waits for them: an answer that
 * nobody reads, and a request that is not answered, would otherwise keep theirs for as long as the storage hangs.
 */
export function impatientAgent({ secure, silenceMs }: { secure: boolean; silenceMs: number }): Agent {
  // By the agent's own option, as it sets the time of each connection anew that it has kept.
  const options = { keepAlive: true, timeout: silenceMs }
  const agent = secure ? new SecureAgent(options) : new Agent(options)
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (where, callback) => {
    const socket = connect(where, callback)
    // Node only tells of it where the connection is in use.
    socket?.on('timeout', () => socket.destroy(lateAnswer()))
    return socket
  }
  return agent
}
