import { anEvent, type Person } from '../person.ts'
import type { System } from '../system.ts'
import type { Dictionaries } from './schemathesis.ts'

const DAY_MS = 86_400_000

interface People {
  admin: Person
  person: Person
}

/** Makes an event with a seat taken, so that a foreign tool reaches what lies behind a 404. */
export async function existingValues({ api }: System, { admin, person }: People): Promise<Dictionaries> {
  const { token } = admin
  const event = await api.post('/events', { token, body: anEvent({ capacity: 100_000 }) })
  const path = `/events/${event.body.id}/registrations`
  const registration = await api.post(path, { token, body: { waitlist: false } })
  if (registration.status !== 201) throw new Error(`no seat: ${JSON.stringify(registration.body)}`)
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
  return {
    event: [event.body.id],
    registration: [registration.body.id],
    user: [person.id],
    start: [inDays(1), inDays(30)],
    end: [inDays(31), inDays(32)],
    zone: ['Europe/Berlin', 'America/Sao_Paulo'],
    category: ['other'],
  }
}
