import { addMilliseconds, type Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { PUBLISHED_BEFORE_MS } from './key-times.ts'
import { makeKey } from './make-key.ts'
import { deleteKeys, insertKey, listKeys } from './queries.ts'

interface Deps {
  db: Kysely<UsersDatabase>
  clock: Clock
  encryptionKey: Uint8Array
}

export interface Rotation {
  kid: string
  signsFrom: Date
  /** Keys that count no longer. */
  withdrawn: string[]
}

/** Makes the next key: published at once, it signs when every verifier can know it. The one before stays until its tokens have ended. */
export async function rotateKeys({ db, clock, encryptionKey }: Deps): Promise<Rotation> {
  const now = clock.now()
  const key = await makeKey(encryptionKey)
  const signsFrom = addMilliseconds(now, PUBLISHED_BEFORE_MS)
  await insertKey(db, { ...key, created_at: now, signs_from: signsFrom })
  return { kid: key.kid, signsFrom, withdrawn: [] }
}

/**
 * For a key that has become known to somebody: a new one signs at once, and all others are withdrawn. What they have signed
 * ends here within a second, and in other services as soon as they fetch the key set again.
 */
export async function replaceKeys({ db, clock, encryptionKey }: Deps): Promise<Rotation> {
  const now = clock.now()
  const key = await makeKey(encryptionKey)
  return db.transaction().execute(async (tx) => {
    const withdrawn = (await listKeys(tx)).map(({ kid }) => kid)
    await deleteKeys(tx, withdrawn)
    await insertKey(tx, { ...key, created_at: now, signs_from: now })
    return { kid: key.kid, signsFrom: now, withdrawn }
  })
}
