import { openKey, sealKey } from '@rollcall/keys/sealed-key'
import { addMilliseconds, type Clock, seconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { type Periodic, startPeriodic } from '@rollcall/runtime/periodic'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { createTicketCodes, type TicketCodes, type TicketKey, toTicketKey } from './ticket-code.ts'

/** The key of the environment; later ones are in the database. */
const FIRST_VERSION = 1
const REFRESHED_EVERY_MS = seconds(10)
/** Every process knows a new key by then, also one that could not ask the database for a while. */
const KNOWN_BEFORE_MS = seconds(60)

interface TicketKeyDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  /** 32 bytes that seal private keys at rest. */
  encryptionKey: Uint8Array
}

interface TicketKeyOptions extends TicketKeyDeps {
  log: Logger
  firstKey: JWK
}

/** Codes by the keys of the environment and the database, which are read again every ten seconds: a rotation needs no restart. */
export async function openTicketCodes(options: TicketKeyOptions): Promise<TicketCodes & Periodic> {
  const { db, clock, log, encryptionKey, firstKey } = options
  const keys = new Map<number, TicketKey & { signsFrom: Date }>()
  keys.set(FIRST_VERSION, { ...toTicketKey(firstKey), signsFrom: new Date(0) })

  async function refresh() {
    for (const { version, sealed_private_jwk, signs_from } of await listTicketKeys(db)) {
      if (keys.has(version)) continue
      keys.set(version, { ...toTicketKey(await openKey(sealed_private_jwk, encryptionKey)), signsFrom: signs_from })
    }
  }

  await refresh()
  const rounds = startPeriodic({ name: 'ticket-keys', everyMs: REFRESHED_EVERY_MS, log }, refresh)
  const codes = createTicketCodes({
    find: (version) => keys.get(version),
    current() {
      const now = clock.now()
      return Math.max(...[...keys].filter(([, { signsFrom }]) => signsFrom <= now).map(([version]) => version))
    },
  })
  return { ...codes, stop: rounds.stop }
}

function listTicketKeys(db: Kysely<EventsDatabase>) {
  return db.selectFrom('ticket_keys').select(['version', 'sealed_private_jwk', 'signs_from']).execute()
}

/** Makes the next key. New registrations are signed by it from a minute on; codes of the keys before stay good. */
export async function rotateTicketKeys({ db, clock, encryptionKey }: TicketKeyDeps) {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const sealed = await sealKey(await exportJWK(privateKey), encryptionKey)
  const now = clock.now()
  const key = { sealed_private_jwk: sealed, created_at: now, signs_from: addMilliseconds(now, KNOWN_BEFORE_MS) }
  const next = sql<number>`(select coalesce(max(version), ${FIRST_VERSION}::int) + 1 from ticket_keys)`
  return db
    .insertInto('ticket_keys')
    .values({ ...key, version: next })
    .returning(['version', 'signs_from'])
    .executeTakeFirstOrThrow()
}
