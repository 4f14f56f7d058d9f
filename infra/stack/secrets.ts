import { createHash, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import { byService, type ServiceName } from './services.ts'

export interface Secrets {
  /** Names this clone's data. */
  stateId: string
  postgresPassword: string
  /** Of the services' own database roles. */
  databasePasswords: Record<ServiceName, string>
  minioPassword: string
  passwordPepper: string
  /** Seals the token signing key in the users database; 32 bytes, base64url. */
  keyEncryptionKey: string
  /** Opens the sealed parts of facts. */
  notificationsKey: { private: JsonWebKey; public: JsonWebKey }
  /** Seals later keys of tickets in the events database; 32 bytes, base64url. */
  ticketKeyEncryptionKey: string
  /** Signs the codes on tickets. */
  ticketSigningKey: JsonWebKey
}

const random = (bytes: number) => randomBytes(bytes).toString('base64url')

/** Fresh ones, for this machine only. */
export function createSecrets(): Secrets {
  return {
    stateId: randomBytes(6).toString('hex'),
    postgresPassword: random(18),
    databasePasswords: byService(() => random(18)),
    minioPassword: random(18),
    passwordPepper: random(32),
    keyEncryptionKey: random(32),
    ticketKeyEncryptionKey: random(32),
    notificationsKey: encryptionKey(),
    ticketSigningKey: signingKey(),
  }
}

/** Those that were kept, and fresh ones for what is newer than they are. */
export function completeSecrets(kept: Partial<Secrets>): Secrets {
  const fresh = createSecrets()
  return { ...fresh, ...kept, databasePasswords: { ...fresh.databasePasswords, ...kept.databasePasswords } }
}

function encryptionKey(): Secrets['notificationsKey'] {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y, d } = pair.privateKey.export({ format: 'jwk' })
  const kid = thumbprint({ crv, kty, x, y })
  const open = { kty, crv, x, y, use: 'enc', alg: 'ECDH-ES', kid } as JsonWebKey
  return { private: { ...open, d } as JsonWebKey, public: open }
}

function signingKey(): JsonWebKey {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const { crv, kty, x } = jwk
  return { ...jwk, use: 'sig', alg: 'EdDSA', kid: thumbprint({ crv, kty, x }) }
}

/** RFC 7638: members in alphabetical order, as the callers write them. */
function thumbprint(members: object): string {
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}
