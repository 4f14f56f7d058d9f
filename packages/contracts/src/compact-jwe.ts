import { createDecipheriv, createHash, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'
import { z } from 'zod'

/** How sealed parts are made, and the only way in which they are opened. */
export const keyAgreement = 'ECDH-ES'
export const encryption = 'A256GCM'

const KEY_BITS = 256
const IV_BYTES = 12
const TAG_BYTES = 16

/** No `crit`, whose extensions would have to be understood, and no `zip`: nobody seals so. */
const Header = z.object({
  alg: z.literal(keyAgreement),
  enc: z.literal(encryption),
  kid: z.string().optional(),
  epk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
  apu: z.string().optional(),
  apv: z.string().optional(),
  crit: z.never().optional(),
  zip: z.never().optional(),
})

/** The parts of a compact JWE, in whose form nothing is wrong. */
export interface CompactJwe {
  header: z.infer<typeof Header>
  /** The header as it came: it is authenticated with the rest. */
  encodedHeader: string
  iv: Buffer
  ciphertext: Buffer
  tag: Buffer
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws for what is no JWE of this kind */
export function readCompactJwe(jwe: string): CompactJwe {
  const [encodedHeader = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...more] = jwe.split('.')
  // The agreed key is the key of the content, so that none comes encrypted.
  if (encryptedKey !== '' || more.length > 0) throw new TypeError('not the form of a sealed part')
  const header = Header.parse(JSON.parse(utf8.decode(bytesOf(encodedHeader))))
  if (header.apu !== undefined && header.apu === header.apv) throw new TypeError('both parties are the same')
  const parts = { iv: bytesOf(iv), ciphertext: bytesOf(ciphertext), tag: bytesOf(tag) }
  // Shorter tags would be accepted as well, and are guessed sooner.
  if (parts.iv.length !== IV_BYTES || parts.tag.length !== TAG_BYTES) throw new TypeError('an unusual length')
  return { header, encodedHeader, ...parts }
}

/**
 * Opens it by `node:crypto`, at once: through Web Crypto each opening takes five turns in the thread pool, which cost more
 * than the work.
 *
 * @throws for what was made for another key, or has been changed
 */
export function decryptCompactJwe(privateKey: KeyObject, jwe: CompactJwe): Buffer {
  const { header, encodedHeader, iv, ciphertext, tag } = jwe
  const { epk, apu = '', apv = '' } = header
  // Refuses what is no point of the curve.
  const publicKey = createPublicKey({ key: epk, format: 'jwk' })
  const secret = diffieHellman({ privateKey, publicKey })
  const about = { algorithm: encryption, bits: KEY_BITS, apu: bytesOf(apu), apv: bytesOf(apv) }
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret, about), iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(encodedHeader, 'ascii')).setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

interface Derivation {
  /** Of the content, whose key it is. */
  algorithm: string
  /** 256 at most: one round of SHA-256 is enough then. */
  bits: number
  apu: Buffer
  apv: Buffer
}

/** The key that follows from an agreed secret: RFC 7518, section 4.6.2. */
export function deriveKey(secret: Buffer, { algorithm, bits, apu, apv }: Derivation): Buffer {
  const round = uint32(1)
  const id = Buffer.from(algorithm, 'ascii')
  const otherInfo = [id, apu, apv].flatMap((value) => [uint32(value.length), value])
  const hash = createHash('sha256').update(Buffer.concat([round, secret, ...otherInfo, uint32(bits)]))
  return hash.digest().subarray(0, bits / 8)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Refuses what Buffer would pass over: other alphabets, padding, bits that mean nothing. */
function bytesOf(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  if (bytes.toString('base64url') !== base64url) throw new TypeError('not base64url')
  return bytes
}
