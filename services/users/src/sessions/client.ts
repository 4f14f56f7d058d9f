import type { IncomingHttpHeaders } from 'node:http'
import type { Client } from './queries.ts'

const LONGEST_DEVICE = 300

/** Where a request comes from: what a client calls itself is shown to its owner, in one line and not without end. */
export function clientOf({ address, headers }: { address: string; headers: IncomingHttpHeaders }): Client {
  const named = headers['user-agent']?.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return { address, device: named ? named.slice(0, LONGEST_DEVICE) : null }
}
