import { generateKeyPairSync } from 'node:crypto'
import { addMilliseconds, seconds } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { createLogger } from '@rollcall/runtime/logger'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrations } from '../database/migrations.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { openTicketCodes, rotateTicketKeys } from './ticket-keys.ts'

const firstKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
const encryptionKey = new Uint8Array(32).fill(9)
const log = createLogger({ service: 'test', level: 'error' })

let database: TestDatabase<EventsDatabase>
let now: Date
let opened: { stop(): Promise<void> }[]

beforeEach(async () => {
  database = await createTestDatabase<EventsDatabase>({ name: 'ticket-keys', migrations })
  now = new Date('2027-01-01T10:00:00Z')
  opened = []
})
afterEach(async () => {
  for (const one of opened) await one.stop()
  await database.drop()
})

const clock = { now: () => now }
async function open() {
  const codes = await openTicketCodes({ db: database.db, clock, log, firstKey, encryptionKey })
  opened.push(codes)
  return codes
}
const rotate = () => rotateTicketKeys({ db: database.db, clock, encryptionKey })
const ticket = () => ({ registrationId: newId(), eventId: newId() })

it('signs by a new key from a minute on, and reads codes of all keys', async () => {
  const content = ticket()
  const printed = (await open()).issue({ ...content, key: 1 })
  expect(printed).toMatch(/^RC1\.[A-Za-z0-9_-]+$/)
  expect((await rotate()).version).toBe(2)
  const codes = await open()
  expect(codes.current()).toBe(1)
  now = addMilliseconds(now, seconds(60))
  expect(codes.current()).toBe(2)
  const next = codes.issue({ ...content, key: codes.current() })
  expect(next).toMatch(/^RC2\./)
  expect([codes.read(printed), codes.read(next)]).toEqual([content, content])
  expect((await open()).issue({ ...content, key: 1 })).toBe(printed)
})

it('takes no code under the name of another key', async () => {
  await rotate()
  const codes = await open()
  const printed = codes.issue({ ...ticket(), key: 1 })
  for (const forged of [printed.replace('RC1', 'RC2'), printed.replace('RC1', 'RC3'), printed.replace('RC1', 'RC01')]) {
    expect(codes.read(forged)).toBeUndefined()
  }
})

it('gives each of many that rotate at once a key of its own, or says no', async () => {
  const rotations = await Promise.allSettled([rotate(), rotate(), rotate()])
  const made = rotations.flatMap((rotation) => (rotation.status === 'fulfilled' ? [rotation.value.version] : []))
  expect(new Set(made).size).toBe(made.length)
  expect(made).toContain(2)
})

it('starts with no key that it cannot open', async () => {
  await rotate()
  const wrong = { db: database.db, clock, log, firstKey, encryptionKey: new Uint8Array(32).fill(8) }
  await expect(openTicketCodes(wrong)).rejects.toThrow('KEY_ENCRYPTION_KEY does not open')
})
