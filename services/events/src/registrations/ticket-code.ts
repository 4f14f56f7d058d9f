import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { JWK } from 'jose'
import { parse, stringify } from 'uuid'

export interface TicketContent {
  registrationId: string
  eventId: string
}

/** What a ticket is signed by: which version of the key its registration was made with. */
export interface SignedTicket extends TicketContent {
  key: number
}

export interface TicketCodes {
  /** The version of the key that new registrations are signed with. */
  current(): number
  /** Always the same for the same registration: what is printed stays good. @throws {TypeError} for a key that is not known */
  issue(ticket: SignedTicket): string
  /** Undefined for whatever this service has not signed. */
  read(code: string): TicketContent | undefined
}

export interface TicketKey {
  privateKey: KeyObject
  publicKey: KeyObject
}

/** @param privateJwk an OKP key of curve Ed25519 */
export function toTicketKey(privateJwk: JWK): TicketKey {
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** Behind `RC` the version of the key. */
const CODE = /^RC([1-9][0-9]{0,5})\.([A-Za-z0-9_-]+)$/
const ID_BYTES = 16
const PAYLOAD_BYTES = 2 * ID_BYTES
const SIGNATURE_BYTES = 64

/** What else is ever signed with the key cannot be taken for a ticket. */
const DOMAIN = Buffer.from('rollcall ticket v1\0')

interface Keys {
  current(): number
  find(version: number): TicketKey | undefined
}

/** Codes of tickets: two ids and an Ed25519 signature (RFC 8032), so that a gate tells a real one without a network. */
export function createTicketCodes(keys: Keys): TicketCodes {
  return {
    current: keys.current,
    issue({ registrationId, eventId, key: version }) {
      const key = keys.find(version)
      if (!key) throw new TypeError(`there is no ticket key ${version}`)
      const payload = Buffer.concat([parse(registrationId), parse(eventId)])
      const signature = sign(null, Buffer.concat([DOMAIN, payload]), key.privateKey)
      return `RC${version}.${Buffer.concat([payload, signature]).toString('base64url')}`
    },
    read(code) {
      const [, version = '', text = ''] = CODE.exec(code) ?? []
      const key = keys.find(Number(version))
      const bytes = decode(text)
      if (!key || !bytes) return undefined
      const payload = bytes.subarray(0, PAYLOAD_BYTES)
      const signature = bytes.subarray(PAYLOAD_BYTES)
      if (!verify(null, Buffer.concat([DOMAIN, payload]), key.publicKey, signature)) return undefined
      return {
        registrationId: stringify(payload.subarray(0, ID_BYTES)),
        eventId: stringify(payload.subarray(ID_BYTES)),
      }
    },
  }
}

/** Only the one spelling that {@link createTicketCodes} writes: base64url has several for the same bytes. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === PAYLOAD_BYTES + SIGNATURE_BYTES && bytes.toString('base64url') === text ? bytes : undefined
}
