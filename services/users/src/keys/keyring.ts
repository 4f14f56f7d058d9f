import { openKey } from '@rollcall/keys/sealed-key'
import { type Clock, seconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { startPeriodic } from '@rollcall/runtime/periodic'
import { type CryptoKey, createLocalJWKSet, importJWK, type JWK, type JWTVerifyGetKey } from 'jose'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { retired, signingNow } from './key-times.ts'
import { makeKey } from './make-key.ts'
import { deleteKeys, insertFirstKey, listKeys } from './queries.ts'

export interface Keyring {
  /** What signs new tokens now. */
  signing(): { kid: string; key: CryptoKey }
  /** Public halves only, as published: also of the key that comes next, and of those whose tokens live. */
  jwks(): { keys: JWK[] }
  readonly verificationKeys: JWTVerifyGetKey
  /** Reads the keys again. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

interface KeyringOptions {
  db: Kysely<UsersDatabase>
  clock: Clock
  log: Logger
  /** 32 bytes that seal private keys at rest. */
  encryptionKey: Uint8Array
}

/** A key that was made, or withdrawn, elsewhere is known here after this time. */
const REFRESHED_EVERY_MS = seconds(1)

/** Of a kid the same object as long as it is published: what verified by it is still good then. */
type Known = Map<string, { publicJwk: JWK; private: CryptoKey; signs_from: Date; kid: string }>

/**
 * The keys that tokens are signed and verified with; the very first process makes one, and all processes follow what the
 * database says, so that a rotation needs no restart. Processes that start together agree on whose key it is by the database.
 */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const { db, clock, log, encryptionKey } = options
  let known: Known = new Map()
  let published = publish(known)

  async function refresh(): Promise<void> {
    const rows = await listKeys(db)
    const gone = retired(rows, clock.now()).map(({ kid }) => kid)
    await deleteKeys(db, gone)
    const living = rows.filter(({ kid }) => !gone.includes(kid))
    if (living.length === known.size && living.every(({ kid }) => known.has(kid))) return
    known = new Map(
      await Promise.all(living.map(async (row) => [row.kid, known.get(row.kid) ?? (await open(row))] as const)),
    )
    published = publish(known)
  }

  async function open(row: Awaited<ReturnType<typeof listKeys>>[number]) {
    const { kid, signs_from } = row
    const jwk = await openKey(row.sealed_private_jwk, encryptionKey)
    return {
      kid,
      signs_from,
      publicJwk: JSON.parse(row.public_jwk) as JWK,
      private: (await importJWK(jwk, 'ES256')) as CryptoKey,
    }
  }

  if ((await listKeys(db)).length === 0) {
    const now = clock.now()
    await insertFirstKey(db, { ...(await makeKey(encryptionKey)), created_at: now, signs_from: now })
  }
  await refresh()
  const rounds = startPeriodic({ name: 'signing-keys', everyMs: REFRESHED_EVERY_MS, log }, refresh)
  return {
    signing() {
      const present = signingNow([...known.values()], clock.now())
      if (!present) throw new Error('there is no signing key whose time has come')
      return { kid: present.kid, key: present.private }
    },
    jwks: () => published.jwks,
    verificationKeys: (header, token) => published.verify(header, token),
    refresh,
    stop: () => rounds.stop(),
  }
}

function publish(known: Known) {
  const jwks = { keys: [...known.values()].map(({ publicJwk }) => publicJwk) }
  return { jwks, verify: createLocalJWKSet(jwks) }
}
