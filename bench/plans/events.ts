import { createFindCaller } from '@rollcall/access/queries'
import { keepNewest } from '@rollcall/database/keep-newest'
import { claimKey, findAnswer } from '@rollcall/outbox/idempotency'
import { deleteSent, readBatch, readState } from '@rollcall/outbox/queries'
import { addMilliseconds, days } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import { migrations } from '../../services/events/src/database/migrations.ts'
import type { EventsDatabase } from '../../services/events/src/database/tables.ts'
import { type EventFilters, listEvents } from '../../services/events/src/events/list-events.ts'
import { findEvent, findEventRow } from '../../services/events/src/events/queries.ts'
import { changeRegistration } from '../../services/events/src/registrations/change-registration.ts'
import { findRegistration, listWithoutTicket } from '../../services/events/src/registrations/queries.ts'
import { takeSeats, wantSeat } from '../../services/events/src/registrations/take-seat.ts'
import { aSeat } from '../load/seats.ts'
import type { Planned } from './planned.ts'
import { fillTable, fullOutbox, idAt, ROWS, somewhere, sqlIdAt } from './rows.ts'

const EVENTS = 10_000
const TOGETHER = 50

const fill = [
  fillTable(
    'events',
    {
      ...{
        id: sqlIdAt('i'),
        title: `'Event ' || i`,
        description: `repeat('About it. ', 50)`,
        location: `'Hall ' || i`,
      },
      ...{
        start_at: `now() + i * interval '1 hour'`,
        end_at: `now() + (i + 1) * interval '1 hour'`,
        time_zone: `'UTC'`,
      },
      ...{ capacity: '100000', seats_taken: `${ROWS / EVENTS}`, category: `'other'`, tags: `array['tag-' || i % 100]` },
      ...{ visibility: `'public'`, status: `'PUBLISHED'`, organizer_id: sqlIdAt('i'), check_in_opens_minutes: '180' },
      ...{ created_at: 'now()', updated_at: 'now()' },
    },
    EVENTS,
  ),
  fillTable('registrations', {
    ...{ id: sqlIdAt('i'), event_id: sqlIdAt(`1 + i % ${EVENTS}`), attendee_id: sqlIdAt('i'), status: `'CONFIRMED'` },
    ...{ source: `'online'`, event_title: `'Event'`, event_start_at: 'now()', created_at: `now() - interval '1 day'` },
    ticket_issued_at: `case when i % 1000 > 0 then now() end`,
  }),
  fillTable('known_users', {
    ...{ id: sqlIdAt('i'), sequence: '1', nickname: `'user_' || i`, role: `'authenticated'` },
    ...{ professional: 'false', operator: 'false', locked: 'false', erased: 'false' },
  }),
  fillTable('ended_sessions', { session_id: sqlIdAt('i'), expires_at: `now() + interval '10 minutes'` }),
  fillTable('idempotency_keys', {
    ...{ id: `sha256(i::text::bytea)`, fingerprint: `sha256('x')`, answer: `'{}'`, created_at: 'now()' },
  }),
  fullOutbox,
]

async function issueTicket(db: Kysely<EventsDatabase>): Promise<void> {
  const [waiting] = await listWithoutTicket(db, new Date())
  const registration = waiting && (await findRegistration(db, waiting.id))
  if (!registration) throw new TypeError('nobody waits for a ticket')
  const data = { objectKey: `${registration.id}.png` }
  await changeRegistration(db, { action: 'issueTicket', by: 'system', registration, data, now: new Date() })
}

async function takeTogether(db: Kysely<EventsDatabase>, count: number): Promise<void> {
  const [first, ...others] = Array.from({ length: count }, () => wantSeat(aSeat(idAt(EVENTS))))
  if (!first || !(await takeSeats(db, [first, ...others]))) throw new TypeError('no seat was taken')
}

async function claimNewKey(db: Kysely<EventsDatabase>): Promise<void> {
  const [id, fingerprint] = [Buffer.from(newId()), Buffer.from('x')]
  await db.transaction().execute((tx) => claimKey(tx, { id, fingerprint, created_at: new Date() }))
}

const list = (db: Kysely<EventsDatabase>, filters: EventFilters = {}) =>
  listEvents(db, { ...filters, listed: { kind: 'public' }, sort: 'startAt' }, { limit: 20 }).found

async function findCallers(db: Kysely<EventsDatabase>): Promise<void> {
  const find = createFindCaller(db)
  await Promise.all(Array.from({ length: TOGETHER }, (_, index) => find(idAt(somewhere + index), newId())))
}

const aUser = (index: number) => ({
  ...{ id: idAt(index), sequence: 2, nickname: `user_${index}`, role: 'organizer' as const },
  ...{ professional: false, operator: false, locked: false, erased: false },
})

export const eventsPlans: Planned<EventsDatabase> = {
  migrations,
  fill,
  statements: {
    'one seat': (db) => takeTogether(db, 1),
    [`${TOGETHER} seats of one event`]: (db) => takeTogether(db, TOGETHER),
    'an event to decide by': (db) => findEventRow(db, idAt(EVENTS / 2)),
    'an event to show': (db) => findEvent(db, idAt(EVENTS / 2)),
    'the first page of events': (db) => list(db),
    'events by a word': (db) => list(db, { q: 'event 4242' }),
    'events by tag': (db) => list(db, { tag: ['tag-42'] }),
    'events by place': (db) => list(db, { place: 'hall 42' }),
    'events of a week': (db) => list(db, { from: new Date(), to: addMilliseconds(new Date(), days(7)) }),
    'what an organizer manages': (db) =>
      listEvents(db, { listed: { kind: 'managed', organizerId: idAt(1) }, sort: '-createdAt' }, { limit: 20 }).found,
    'an overdue ticket, and its issue': issueTicket,
    [`callers: one, and ${TOGETHER - 1} together`]: findCallers,
    'what is known of a user': (db) => keepNewest(db, 'known_users', [aUser(somewhere)]),
    'an idempotency key': claimNewKey,
    'a stored answer': (db) => findAnswer(db, Buffer.from('unknown')),
    "the relay's batch": (db) => readBatch(db, { limit: 500, inFlight: [] }),
    "the relay's batch behind one in flight": (db) => readBatch(db, { limit: 500, inFlight: positionsFrom(1) }),
    'what Kafka has acknowledged': (db) => deleteSent(db, { owner: newId(), positions: positionsFrom(1) }),
    "the outbox's gauges": readState,
  },
  // Its depth is counted, and a million waiting messages is the rarest of cases.
  readsWidely: { "the outbox's gauges": ['outbox'] },
}

function positionsFrom(first: number): number[] {
  return Array.from({ length: 500 }, (_, index) => first + index)
}
