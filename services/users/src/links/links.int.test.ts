import { unseal } from '@rollcall/contracts/seal'
import { addMilliseconds, hours, minutes } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { createTestSecrets, type TestSecrets } from '@rollcall/test-stack/environments'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aPurpose } from '../../test/a-purpose.ts'
import { aUser } from '../../test/a-user.ts'
import type { User } from '../accounts/tables.ts'
import { migrations } from '../database/migrations.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { createLinks, hashToken, type Links } from './links.ts'
import { takeMail } from './mail-limit.ts'
import { isLinkUsable, storeLink, useLink } from './queries.ts'

type Tx = Transaction<UsersDatabase>

const now = new Date('2027-02-03T10:00:00Z')
const later = (milliseconds: number) => addMilliseconds(now, milliseconds)
const [unlock, reset] = [aPurpose({ name: 'unlock' }), aPurpose({ name: 'reset', lifetimeMs: hours(1) })]

let database: TestDatabase<UsersDatabase>
let secrets: TestSecrets
let links: Links
let ada: User
let bob: User

beforeAll(async () => {
  secrets = await createTestSecrets()
  links = createLinks({ publicUrl: 'https://rollcall.test', notificationsKey: secrets.notificationsKey.public })
  database = await createTestDatabase<UsersDatabase>({ name: 'links', migrations })
})
beforeEach(async () => {
  await database.db.deleteFrom('users').execute()
  ada = await stored('ada')
  bob = await stored('bob')
})
afterAll(() => database?.drop())

function stored(name: string): Promise<User> {
  const email = `${name}@example.org`
  const user = aUser({ id: newId(), email, email_key: email, nickname: `${name}-panda` })
  return database.db.insertInto('users').values(user).returningAll().executeTakeFirstOrThrow()
}

const within = <Result>(work: (tx: Tx) => Promise<Result>) => database.db.transaction().execute(work)

/** Issues a link as a mail would carry it. Gives its path and its token's hash. */
async function mailed(user: User, purpose = unlock) {
  const link = await links.issue(purpose, user.id, { now })
  await within((tx) => storeLink(tx, user, { link, now }))
  const { url } = (await unseal([secrets.notificationsKey.private], link.sealed)) as { url: string }
  return { url, tokenHash: hashToken(String(url.split('/').at(-1))) }
}

const use = (user: User, tokenHash: Buffer, { purpose = unlock, at = now } = {}) =>
  within((tx) => useLink(tx, user, { purpose, tokenHash, now: at }))
const usable = (user: User, tokenHash: Buffer, { purpose = unlock, at = now } = {}) =>
  isLinkUsable(database.db, { userId: user.id, purpose, tokenHash, now: at })

describe('a mailed link', () => {
  it('begins with the public address, names its account, and is stored as a hash alone', async () => {
    const { url, tokenHash } = await mailed(ada)
    expect(url).toMatch(new RegExp(`^https://rollcall\\.test/auth/some-purpose/${ada.id}/[\\w-]{43}$`))
    const rows = await database.db.selectFrom('link_tokens').select('token_hash').execute()
    expect(rows.map(({ token_hash }) => token_hash.equals(tokenHash))).toEqual([true])
  })

  it('works once, for one of twenty at once, however often it was looked at before', async () => {
    const { tokenHash } = await mailed(ada)
    for (let look = 0; look < 3; look += 1) expect(await usable(ada, tokenHash)).toBe(true)
    const uses = await Promise.all(Array.from({ length: 20 }, () => use(ada, tokenHash)))
    expect(uses.filter(Boolean)).toHaveLength(1)
    expect(await usable(ada, tokenHash)).toBe(false)
  })

  it('is none for another purpose or another account', async () => {
    const { tokenHash } = await mailed(ada)
    for (const [user, purpose] of [
      [ada, reset],
      [bob, unlock],
    ] as const) {
      expect([await usable(user, tokenHash, { purpose }), await use(user, tokenHash, { purpose })]).toEqual([
        false,
        false,
      ])
    }
    expect(await use(ada, tokenHash)).toBe(true)
  })

  it('R32: ends with the life of its purpose', async () => {
    const { tokenHash } = await mailed(ada, reset)
    const [before, after] = [later(hours(1) - 1), later(hours(1))]
    expect(await usable(ada, tokenHash, { purpose: reset, at: before })).toBe(true)
    expect(await usable(ada, tokenHash, { purpose: reset, at: after })).toBe(false)
    expect(await use(ada, tokenHash, { purpose: reset, at: after })).toBe(false)
  })

  it('is void once a newer one of its purpose is mailed, and lets those of others live', async () => {
    const [first, other] = [await mailed(ada), await mailed(ada, reset)]
    const second = await mailed(ada)
    expect(await usable(ada, first.tokenHash)).toBe(false)
    expect(await usable(ada, other.tokenHash, { purpose: reset })).toBe(true)
    expect(await usable(ada, second.tokenHash)).toBe(true)
  })

  it('is void once the account has another address', async () => {
    const { tokenHash } = await mailed(ada)
    const email_key = 'countess@example.org'
    await database.db.updateTable('users').set({ email_key }).where('id', '=', ada.id).execute()
    expect(await usable(ada, tokenHash)).toBe(false)
    expect(await use({ ...ada, email_key }, tokenHash)).toBe(false)
  })
})

describe('mails to one mailbox', () => {
  const take = (user: User, { purpose = unlock, at = now } = {}) =>
    within((tx) => takeMail(tx, user, { purpose, now: at }))

  it('are three within an hour, for each purpose and each mailbox', async () => {
    const taken: boolean[] = []
    for (let mail = 0; mail < 5; mail += 1) taken.push(await take(ada))
    expect(taken).toEqual([true, true, true, false, false])
    expect(await take(ada, { purpose: reset })).toBe(true)
    expect(await take(bob)).toBe(true)
  })

  it('are counted whoever asks for them', async () => {
    for (let mail = 0; mail < 3; mail += 1) await take({ ...bob, email_key: ada.email_key })
    expect(await take(ada)).toBe(false)
    expect(await take(ada, { at: later(hours(1)) })).toBe(true)
  })

  it('may go again an hour later, and what has been counted is forgotten then', async () => {
    for (let mail = 0; mail < 3; mail += 1) await take(ada, { at: later(minutes(mail)) })
    expect(await take(ada, { at: later(hours(1) - 1) })).toBe(false)
    expect(await take(ada, { at: later(hours(1)) })).toBe(true)
    expect(await take(ada, { at: later(hours(1)) })).toBe(false)
    expect(await database.db.selectFrom('link_mails').select('user_id').execute()).toHaveLength(3)
  })
})
