import { readMail } from '@rollcall/testing/read-mail'
import type { Kysely } from 'kysely'
import { expect } from 'vitest'
import type { EventsDatabase } from '../services/events/src/database/tables.ts'
import type { NotificationsDatabase } from '../services/notifications/src/database/tables.ts'
import type { UsersDatabase } from '../services/users/src/database/tables.ts'
import type { System } from './system.ts'

/** What was answered with success, and so has to have happened. */
export interface Promised {
  /** Addresses that signed up. */
  signUps: string[]
  /** Ids of registrations that were confirmed. */
  registrations: string[]
}

const HEALED_WITHIN_MS = 90_000

function databasesOf({ databases }: System) {
  return {
    users: databases.users.db as Kysely<UsersDatabase>,
    events: databases.events.db as Kysely<EventsDatabase>,
    notifications: databases.notifications.db as Kysely<NotificationsDatabase>,
  }
}

/** I5: waits until nothing is on its way any more. */
export async function waitForRest(system: System): Promise<void> {
  const { users, events, notifications } = databasesOf(system)
  const underway = async () => {
    const outboxes = await Promise.all(
      [users, events, notifications].map((db) =>
        (db as Kysely<EventsDatabase>).selectFrom('outbox').select('id').execute(),
      ),
    )
    const open = ['queued', 'sending', 'retry'] as const
    const deliveries = await notifications.selectFrom('deliveries').select('id').where('state', 'in', open).execute()
    const tickets = await events
      .selectFrom('registrations')
      .select('id')
      .where('ticket_issued_at', 'is', null)
      .execute()
    return { outbox: outboxes.flat().length, deliveries: deliveries.length, tickets: tickets.length }
  }
  await expect
    .poll(underway, { timeout: HEALED_WITHIN_MS, interval: 200 })
    .toEqual({ outbox: 0, deliveries: 0, tickets: 0 })
}

/** Waits until each promise has its mail: until then messages are still on their way from Kafka. */
async function waitForMails(system: System, { signUps, registrations }: Promised): Promise<void> {
  const { notifications } = databasesOf(system)
  const missing = async () => {
    const told = new Set(system.sink.mails.flatMap(({ to }) => to))
    const rows = await notifications.selectFrom('deliveries').select('data').where('state', '=', 'sent').execute()
    const mailed = rows.map(({ data }) => JSON.stringify(data)).join()
    return [...signUps.filter((email) => !told.has(email)), ...registrations.filter((id) => !mailed.includes(id))]
  }
  await expect.poll(missing, { timeout: HEALED_WITHIN_MS, interval: 250 }).toEqual([])
}

/** I1 and I4: each promise has exactly its mail, each mail its row, each row its mail. */
export async function checkMails(system: System, { signUps, registrations }: Promised): Promise<void> {
  const { notifications } = databasesOf(system)
  const deliveries = await notifications.selectFrom('deliveries').selectAll().execute()
  await expect.poll(() => system.sink.mails.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(deliveries.length)
  const mails = await Promise.all(system.sink.mails.map(({ raw }) => readMail(raw)))
  const ids = mails.map((mail) => mail.header('message-id')).sort()
  expect(new Set(ids).size, 'no mail comes twice').toBe(ids.length)
  expect(deliveries.map(({ message_id }) => message_id).sort()).toEqual(ids)
  expect(deliveries.every(({ state }) => state === 'sent')).toBe(true)
  for (const email of signUps)
    expect(mails.filter(({ to }) => to.includes(email)).length, email).toBeGreaterThanOrEqual(1)
  const ticketsMailed = deliveries
    .filter(({ template }) => template === 'ticket-issued')
    .map(({ data }) => JSON.stringify(data))
  for (const id of registrations)
    expect(
      ticketsMailed.filter((data) => data.includes(id)),
      id,
    ).toHaveLength(1)
}

/** I6: nobody twice, nobody too many, counters as the rows are. */
export async function checkSeats(system: System): Promise<void> {
  const { events } = databasesOf(system)
  const registrations = await events
    .selectFrom('registrations')
    .selectAll()
    .where('status', '<>', 'CANCELLED')
    .execute()
  const seats = registrations.map(({ event_id, attendee_id }) => `${event_id} ${attendee_id}`)
  expect(new Set(seats).size).toBe(seats.length)
  for (const event of await events.selectFrom('events').selectAll().execute()) {
    const its = registrations.filter(({ event_id }) => event_id === event.id)
    const seats = its.filter(({ status }) => status === 'CONFIRMED')
    const here = seats.filter(({ checked_in_at }) => checked_in_at !== null)
    expect({ seats: event.seats_taken, waiting: event.waitlist_count, here: event.checked_in_count }).toEqual({
      seats: seats.length,
      waiting: its.length - seats.length,
      here: here.length,
    })
    expect(seats.length).toBeLessThanOrEqual(event.capacity + event.extra_seats)
    if (event.status === 'PUBLISHED' && seats.length < event.capacity) expect(event.waitlist_count).toBe(0)
  }
}

/** I7: what other services know of users is what users says. */
export async function checkProjections(system: System): Promise<void> {
  const { users, events, notifications } = databasesOf(system)
  const source = await users.selectFrom('users').select(['id', 'version', 'role', 'nickname']).orderBy('id').execute()
  const expected = source.map(({ version, ...user }) => ({ ...user, sequence: version }))
  const columns = ['id', 'sequence', 'role', 'nickname'] as const
  const inEvents = () => events.selectFrom('known_users').select(columns).orderBy('id').execute()
  const inNotifications = () => notifications.selectFrom('known_users').select(columns).orderBy('id').execute()
  const addressed = () => notifications.selectFrom('recipients').select(['id', 'sequence']).orderBy('id').execute()
  await expect.poll(inEvents, { timeout: 15_000 }).toEqual(expected)
  await expect.poll(inNotifications, { timeout: 15_000 }).toEqual(expected)
  await expect.poll(addressed, { timeout: 15_000 }).toEqual(expected.map(({ id, sequence }) => ({ id, sequence })))
}

/** I1, I4 to I7, as soon as the system is at rest. */
export async function checkInvariants(system: System, promised: Promised): Promise<void> {
  await waitForMails(system, promised)
  await waitForRest(system)
  await checkSeats(system)
  await checkProjections(system)
  await checkMails(system, promised)
}
