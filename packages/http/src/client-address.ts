import { isIP } from 'node:net'
import type { Request } from 'express'
import ipaddr from 'ipaddr.js'
import { compile } from 'proxy-addr'

export type ClientAddress = (req: Request) => string

/**
 * Whose request it is: the nearest address, from the connection back along `X-Forwarded-For`, that no trusted proxy has.
 * Ports are cut off. An entry that is no address says nothing: then the proxy that passed it on counts, as a caller who
 * could write anything there would have a limit of their own for each request.
 *
 * @param trustedProxies addresses, ranges, or the names `loopback`, `linklocal`, `uniquelocal`
 */
export function createClientAddress(trustedProxies: string[]): ClientAddress {
  const isTrusted = compile(trustedProxies)
  return (req) => {
    const forwarded = (req.get('x-forwarded-for') ?? '').split(',').reverse()
    let address = readAddress(req.socket.remoteAddress ?? '') ?? ''
    for (const [hops, entry] of forwarded.entries()) {
      if (address === '' || !isTrusted(address, hops)) break
      const next = readAddress(entry.trim())
      if (next === undefined) break
      address = next
    }
    return address
  }
}

/** IPv4 in its own form also where it came mapped into IPv6; undefined for what is no address. */
function readAddress(text: string): string | undefined {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? []
  const [, beforePort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? []
  const bare = bracketed ?? beforePort ?? text
  // Without its zone, which is the peer's own affair.
  const [address = ''] = bare.split('%')
  if (isIP(address) === 0) return undefined
  return ipaddr.process(address).toString()
}

/** One bucket per IPv4 address and per IPv6 /64: the rest of an IPv6 address is the caller's to choose. */
export function addressBucket(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`)}/64`
}
