import { readMail } from '@rollcall/testing/read-mail'
import { waitUntil } from '@rollcall/testing/waiting'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../services/events/src/database/tables.ts'
import type { System } from './system.ts'

export const PASSWORD = 'Correct horse 7!'

export interface Person {
  id: string
  email: string
  token: string
  refreshToken: string
}

let people = 0

/** Signs somebody up, follows the link in their mail, and signs them in: as they would. */
export async function join(system: System): Promise<Person> {
  people += 1
  const email = `person-${people}@example.org`
  const { body } = await system.api.post('/auth/register', { body: { email, password: PASSWORD } })
  await system.api.post(await verificationPath(system, email))
  return { id: body.id, email, ...(await signIn(system, email)) }
}

export async function signIn({ api }: System, email: string): Promise<{ token: string; refreshToken: string }> {
  const { body } = await api.post('/auth/login', { body: { email, password: PASSWORD } })
  return { token: body.accessToken, refreshToken: body.refreshToken }
}

/** The path of the link that was mailed to this address to verify it. */
export function verificationPath(system: System, email: string): Promise<string> {
  return mailedPath(system, email, /\S+\/auth\/verify-email\/\S+/)
}

/** The path of the first link of this form that was mailed to this address. */
export async function mailedPath({ sink, publicUrl }: System, email: string, form: RegExp): Promise<string> {
  const find = async () => {
    const texts = await Promise.all(
      sink.mails.filter(({ to }) => to.includes(email)).map(async ({ raw }) => (await readMail(raw)).text),
    )
    return texts.map((text) => form.exec(text)?.[0]).find((link) => link !== undefined)
  }
  const link = await waitUntil(`a link in a mail to ${email}`, find, 20_000)
  return String(link).replace(publicUrl, '')
}

/** Waits until the events service has heard of somebody: it answers before it has joined its consumer group. */
export async function untilKnown({ databases }: System, { id }: Person): Promise<void> {
  const db = databases.events.db as Kysely<EventsDatabase>
  const known = () => db.selectFrom('known_users').select('id').where('id', '=', id).executeTakeFirst()
  await waitUntil('what the events service knows of a person', known, 30_000)
}

/** A body that `POST /events` takes: an hour ahead, so that its door is open. */
export function anEvent(overrides: Record<string, unknown> = {}) {
  const startAt = Date.now() + 3600_000
  return {
    title: 'Night of open labs',
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(startAt + 7200_000).toISOString(),
    timeZone: 'Europe/Berlin',
    location: 'Main hall',
    capacity: 5,
    ...overrides,
  }
}
