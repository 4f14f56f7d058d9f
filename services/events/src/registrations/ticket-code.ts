import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { JWK } from 'jose'
import { parse, stringify } from 'uuid'

export interface TicketContent {
  registrationId: string
  eventId: string
}

export interface TicketCodes {
  /** Always the same for the same registration: what is printed stays good. */
  issue(content: TicketContent): string
  /** Undefined for whatever this service has not signed. */
  read(code: string): TicketContent | undefined
}

const PREFIX = 'RC1.'
const ID_BYTES = 16
const PAYLOAD_BYTES = 2 * ID_BYTES
const SIGNATURE_BYTES = 64

/** What else is ever signed with the key cannot be taken for a ticket. */
const DOMAIN = Buffer.from('rollcall ticket v1\0')

/**
 * Codes of tickets: two ids and an Ed25519 signature (RFC 8032), so that a gate tells a real one without a network.
 *
 * @param privateJwk an OKP key of curve Ed25519
 */
export function createTicketCodes(privateJwk: JWK): TicketCodes {
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)
  return {
    issue({ registrationId, eventId }) {
      const payload = Buffer.concat([parse(registrationId), parse(eventId)])
      const signature = sign(null, Buffer.concat([DOMAIN, payload]), privateKey)
      return PREFIX + Buffer.concat([payload, signature]).toString('base64url')
    },
    read(code) {
      const bytes = decode(code)
      if (!bytes) return undefined
      const payload = bytes.subarray(0, PAYLOAD_BYTES)
      const signature = bytes.subarray(PAYLOAD_BYTES)
      if (!verify(null, Buffer.concat([DOMAIN, payload]), publicKey, signature)) return undefined
      return {
        registrationId: stringify(payload.subarray(0, ID_BYTES)),
        eventId: stringify(payload.subarray(ID_BYTES)),
      }
    },
  }
}

/** Only the one spelling that {@link createTicketCodes} writes: base64url has several for the same bytes. */
function decode(code: string): Buffer | undefined {
  if (!code.startsWith(PREFIX)) return undefined
  const text = code.slice(PREFIX.length)
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === PAYLOAD_BYTES + SIGNATURE_BYTES && bytes.toString('base64url') === text ? bytes : undefined
}
