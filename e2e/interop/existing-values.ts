import { anEvent, PASSWORD, type Person, verificationPath } from '../person.ts'
import type { System } from '../system.ts'
import type { Dictionaries } from './schemathesis.ts'

const DAY_MS = 86_400_000

interface People {
  admin: Person
  person: Person
}

/** Somebody who has not opened the mailed link yet, and what it holds. */
async function newcomer(system: System) {
  const email = 'newcomer@example.org'
  await system.api.post('/auth/register', { body: { email, password: PASSWORD } })
  const [link, id] = (await verificationPath(system, email)).split('/').reverse() as [string, string]
  return { id, link }
}

/** Makes what can be found, so that a foreign tool reaches what lies behind a 404 or a wrong password. */
export async function existingValues(system: System, { admin, person }: People): Promise<Dictionaries> {
  const { api } = system
  const { token } = admin
  const { id, link } = await newcomer(system)
  const event = await api.post('/events', { token, body: anEvent({ capacity: 100_000 }) })
  const path = `/events/${event.body.id}/registrations`
  const registration = await api.post(path, { token, body: { waitlist: false } })
  if (registration.status !== 201) throw new Error(`no seat: ${JSON.stringify(registration.body)}`)
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
  return {
    event: [event.body.id],
    registration: [registration.body.id],
    user: [person.id],
    email: [person.email],
    password: [PASSWORD],
    refresh: [person.refreshToken],
    newcomer: [id],
    link: [link],
    start: [inDays(1), inDays(30)],
    end: [inDays(31), inDays(32)],
    zone: ['Europe/Berlin', 'America/Sao_Paulo'],
    category: ['other'],
  }
}
