import { randomUUID } from 'node:crypto'
import { message } from '@rollcall/contracts/message'
import { NotificationSent } from '@rollcall/contracts/notifications'
import { keepNewest } from '@rollcall/database/keep-newest'
import type { Kysely } from 'kysely'
import { migrations } from '../../services/notifications/src/database/migrations.ts'
import type { NotificationsDatabase } from '../../services/notifications/src/database/tables.ts'
import { claimDeliveries, claimDelivery } from '../../services/notifications/src/ledger/claim.ts'
import { acceptDeliveries, endDelivery, traced } from '../../services/notifications/src/ledger/end-queries.ts'
import {
  findWaiting,
  insertDeliveries,
  markAfterDot,
  postponeDelivery,
} from '../../services/notifications/src/ledger/queries.ts'
import {
  findExhausted,
  findOverdue,
  findUnclear,
  raiseGenerations,
  recoverAbandoned,
  touchQueued,
} from '../../services/notifications/src/ledger/sweeper-queries.ts'
import { aNewDelivery, aRecipient } from '../../services/notifications/test/builders.ts'
import type { Planned } from './planned.ts'
import { fillTable, fullOutbox, idAt, somewhere, sqlIdAt } from './rows.ts'

const TOGETHER = 50
const LEASE_MS = 60_000

/** Of a thousand deliveries one waits and one is under way. */
const state = `case i % 1000 when 0 then 'queued' when 1 then 'sending' else 'sent' end`

const fill = [
  fillTable('recipients', {
    ...{ id: sqlIdAt('i'), sequence: '1', erased: 'false', email: `i || '@rollcall.test'`, email_verified: 'true' },
    ...{ nickname: `'user_' || i`, locale: `'en'`, time_zone: `'UTC'` },
  }),
  fillTable('events', {
    ...{ id: sqlIdAt('i'), sequence: '1', erased: 'false', title: `'Event'`, start_at: 'now()', time_zone: `'UTC'` },
    ...{ location: `'Main hall'`, status: `'PUBLISHED'` },
  }),
  fillTable('registrations', {
    ...{ id: sqlIdAt('i'), sequence: '1', erased: 'false', event_id: sqlIdAt('i'), attendee_id: sqlIdAt('i') },
    ...{ status: `'CONFIRMED'` },
  }),
  fillTable('deliveries', {
    ...{ id: sqlIdAt('i'), fact_id: sqlIdAt('i'), template: `'ticket-issued'`, channel: `'email'`, policy: `'resend'` },
    ...{ recipient_id: sqlIdAt('i'), message_id: `'<' || i || '@rollcall.test>'`, state, created_at: 'now()' },
    data: `jsonb_build_object('eventId', ${sqlIdAt('i')}, 'registrationId', ${sqlIdAt('i')})`,
    needs: `jsonb_build_array(jsonb_build_object('projection', 'recipients', 'id', ${sqlIdAt('i')}, 'sequence', 1))`,
    ...{ send_before: `now() + interval '1 day'`, queued_at: `now() - interval '1 hour'` },
    lease_until: `case when i % 1000 = 1 then now() end`,
    sent_at: `case when i % 1000 > 1 then now() end`,
  }),
  fullOutbox,
]

type Db = Kysely<NotificationsDatabase>

const planNew = async (db: Db, count: number) =>
  insertDeliveries(
    db,
    Array.from({ length: count }, () => aNewDelivery({ policy: 'hold' })),
  )

async function claimNew(db: Db, count: number) {
  const claims = (await planNew(db, count)).map(({ id, generation }) => ({ id, generation, leaseMs: LEASE_MS }))
  const [only] = claims
  const claimed = count === 1 && only ? [await claimDelivery(db, only)] : await claimDeliveries(db, claims)
  return claimed.map((it) => {
    if (it?.kind !== 'claimed') throw new TypeError('nothing was claimed')
    return it.delivery
  })
}

function sentFact(version: number) {
  const data = {
    deliveryId: randomUUID(),
    template: 'ticket-issued',
    channel: 'email' as const,
    recipientId: randomUUID(),
    factId: randomUUID(),
  }
  return message(NotificationSent, { data, sequence: version + 1, at: new Date() })
}

async function endNew(db: Db, count: number): Promise<void> {
  const deliveries = await claimNew(db, count)
  const at = new Date()
  const accepts = deliveries.map((delivery) => traced({ delivery, reply: '250', at, fact: sentFact(delivery.version) }))
  const ended = await acceptDeliveries(db, accepts)
  if (ended.includes(false)) throw new TypeError('a delivery was not ended')
}

async function endOne(db: Db): Promise<void> {
  const [delivery] = await claimNew(db, 1)
  if (!delivery) throw new TypeError('nothing was claimed')
  await markAfterDot(db, delivery)
  await endDelivery(db, delivery, { action: 'accept', reply: '250', at: new Date(), fact: sentFact(delivery.version) })
}

async function postponeOne(db: Db): Promise<void> {
  const [delivery] = await claimNew(db, 1)
  if (delivery) await postponeDelivery(db, delivery, { delayMs: 1000, reason: 'worker-lost' })
}

const several = Array.from({ length: TOGETHER }, (_, index) => idAt(somewhere + index))

export const notificationsPlans: Planned<NotificationsDatabase> = {
  migrations,
  fill,
  statements: {
    'a new delivery, its claim, its dot and its end': endOne,
    [`${TOGETHER} of them together`]: (db) => endNew(db, TOGETHER),
    'a delivery that is tried again later': postponeOne,
    'deliveries that still wait': (db) => findWaiting(db, several),
    'those whose end is unknown': (db) => findUnclear(db, 500),
    'those that were tried too often': (db) => findExhausted(db, 500),
    'those whose worker has died': (db) => recoverAbandoned(db, 100),
    'those whose job may be lost': (db) => findOverdue(db, { graceMs: 60_000, limit: 500 }),
    'those whose job is there': (db) => touchQueued(db, several),
    'those whose job is gone': (db) =>
      raiseGenerations(
        db,
        several.map((id) => ({ id, generation: 1 })),
      ),
    'the state of a recipient': (db) =>
      keepNewest(db, 'recipients', [aRecipient({ id: idAt(somewhere), sequence: 2 })]),
  },
}
