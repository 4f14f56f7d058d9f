import { newId } from '@rollcall/runtime/ids'
import { startTokenIssuer, type TokenIssuer } from '@rollcall/testing/access-tokens'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import type { EventsDatabase } from '../../services/events/src/database/tables.ts'
import { type BenchService, PUBLIC_URL, startEvents } from '../stage/service.ts'

/** Longer than any run: the tokens are made once. */
const TOKEN_SECONDS = 24 * 3600

/** An events service with people who may ask it for seats. */
export interface Crowd {
  events: BenchService<EventsDatabase>
  api: ApiClient
  /** Access tokens, each of another person. */
  tokens: string[]
  /** Publishes an event with seats for everybody; gives its id. */
  publish(capacity?: number): Promise<string>
  close(): Promise<void>
}

export async function openCrowd(people: number): Promise<Crowd> {
  const issuer = await startTokenIssuer(PUBLIC_URL)
  const events = await startEvents(issuer.jwksUrl)
  const api = createApiClient(events.process.baseUrl)
  const manager = await sign(issuer, 'manager')
  const tokens = await Promise.all(Array.from({ length: people }, () => sign(issuer, 'authenticated')))
  return {
    events,
    api,
    tokens,
    async publish(capacity = 100_000) {
      const { status, body } = await api.post('/events', { token: manager, body: { ...anEvent(), capacity } })
      if (status !== 201) throw new Error(`no event: ${JSON.stringify(body)}`)
      return body.id as string
    },
    async close() {
      await events.stop()
      issuer.stop()
    },
  }
}

const sign = (issuer: TokenIssuer, role: string) => issuer.sign({ userId: newId(), role, expiresIn: TOKEN_SECONDS })

function anEvent() {
  const startAt = Date.now() + 24 * 3600_000
  return {
    title: 'Sought after',
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(startAt + 3600_000).toISOString(),
    timeZone: 'UTC',
    location: 'Main hall',
  }
}
