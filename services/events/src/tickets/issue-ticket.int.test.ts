import { generateKeyPairSync } from 'node:crypto'
import { newId } from '@rollcall/runtime/ids'
import { buckets } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { anEventRow, aRegistration, now } from '../../test/rows.ts'
import { migrations } from '../database/migrations.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { createTicketCodes, toTicketKey } from '../registrations/ticket-code.ts'
import { type IssueTicketDeps, issueTicket } from './issue-ticket.ts'

let database: TestDatabase<EventsDatabase>
let deps: IssueTicketDeps
let registrationId: string

beforeAll(async () => {
  database = await createTestDatabase<EventsDatabase>({ name: 'issue-ticket', migrations })
  const storage = createObjectStorage(inject('engines').minio)
  await storage.ensureBuckets(buckets)
  const { privateKey } = generateKeyPairSync('ed25519')
  const key = toTicketKey(privateKey.export({ format: 'jwk' }))
  const ticketCodes = createTicketCodes({ current: () => 1, find: () => key })
  const pair = await generateKeyPair('ECDH-ES', { extractable: true })
  const sealing = { publicUrl: 'http://rollcall.test', notificationsKey: await exportJWK(pair.publicKey) }
  deps = { db: database.db, wake: { wake() {} }, clock: { now: () => now }, storage, ticketCodes, ...sealing }
})
beforeEach(async () => {
  registrationId = newId()
  for (const table of ['outbox', 'registrations', 'events'] as const) await database.db.deleteFrom(table).execute()
  const { id } = await database.db.insertInto('events').values(anEventRow()).returning('id').executeTakeFirstOrThrow()
  const row = aRegistration({ id: registrationId, event_id: id })
  await database.db.insertInto('registrations').values(row).execute()
})
afterAll(() => database?.drop())

const issued = async () => {
  const rows = await database.db.selectFrom('outbox').select(['type', 'sequence']).orderBy('position').execute()
  return rows.map(({ type, sequence }) => `${type} ${sequence}`)
}

describe('issuing a ticket', () => {
  it('is told of once, however many workers are at it', async () => {
    await Promise.all(Array.from({ length: 8 }, () => issueTicket(deps, registrationId)))
    await issueTicket(deps, registrationId)
    expect(await issued()).toEqual(['registration.snapshot.v1 2', 'ticket.issued.v1 2'])
  })

  it.each([
    ['goes on with the registration as it is then', 'CONFIRMED', ['registration.snapshot.v1 3', 'ticket.issued.v1 3']],
    ['is left for one that is cancelled', 'CANCELLED', []],
  ] as const)('%s, when it changes while the image is stored', async (_, status, told) => {
    const storage: IssueTicketDeps['storage'] = {
      ...deps.storage,
      async put(...object) {
        await deps.storage.put(...object)
        const cancelled = { cancelled_at: new Date(), cancel_reason: 'attendee' } as const
        const ended = status === 'CANCELLED' ? cancelled : {}
        await database.db
          .updateTable('registrations')
          .set({ version: 2, status, ...ended })
          .execute()
      },
    }
    await issueTicket({ ...deps, storage }, registrationId)
    expect(await issued()).toEqual(told)
  })
})
