import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let organizer: Somebody
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  organizer = await events.somebody('organizer')
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

const propose = async (): Promise<string> =>
  (await events.api.post('/events', { token: organizer.token, body: anEvent() })).body.id
const act = (id: string, action: string, { token }: Somebody, body?: unknown) =>
  events.api.post(`/events/${id}/${action}`, { token, ...(body === undefined ? {} : { body }) })
const reject = (id: string, reason = 'the hall is taken') => act(id, 'reject', manager, { reason })
const told = async (id: string, type: string) => (await events.toldAbout(id)).filter((one) => one.type === type)

describe('an event that waits', () => {
  it('is published by staff, tells who approved it, and leaves a row for the audit log', async () => {
    const id = await propose()
    const { body } = await act(id, 'approve', manager)
    expect(body).toMatchObject({ status: 'PUBLISHED', rejectionReason: null })
    expect(await told(id, 'event.published.v1')).toMatchObject([{ sequence: 2, data: { approvedBy: manager.id } }])
    expect(await told(id, 'event.snapshot.v1')).toMatchObject([{}, { sequence: 2, data: { status: 'PUBLISHED' } }])
    expect(await told(id, 'audit.recorded.v1')).toMatchObject([
      { data: { actorId: manager.id, action: 'approve', targetId: id } },
    ])
    expect((await events.api.get(`/events/${id}`)).status).toBe(200)
  })

  it('R50: is refused with a reason that its organizer reads and no topic holds, edited, and submitted again', async () => {
    const id = await propose()
    expect((await reject(id)).body).toMatchObject({ status: 'REJECTED', rejectionReason: 'the hall is taken' })
    expect(JSON.stringify(await events.toldAbout(id))).not.toContain('hall is taken')
    expect((await events.api.get(`/events/${id}`)).status).toBe(404)
    const { body, headers } = await events.api.get(`/events/${id}`, { token: organizer.token })
    expect(body).toMatchObject({ rejectionReason: 'the hall is taken' })
    expect(Object.keys(body._links).sort()).toEqual(['cancel', 'self', 'submit', 'update'])
    const edited = await events.api.patch(`/events/${id}`, {
      token: organizer.token,
      body: { location: 'Small hall' },
      headers: { 'if-match': String(headers.get('etag')) },
    })
    expect(edited.body.status).toBe('REJECTED')
    expect((await act(id, 'submit', organizer)).body).toMatchObject({ status: 'PENDING', rejectionReason: null })
    expect(await told(id, 'event.submitted.v1')).toHaveLength(2)
    expect((await act(id, 'approve', manager)).body.status).toBe('PUBLISHED')
  })

  it('R55: is decided by one of two at once, whose row of the audit log stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await propose()
      const answers = await Promise.all([act(id, 'approve', manager), reject(id)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(answers.find(({ status }) => status === 409)?.body.error).toBe('InvalidStatus')
      expect(await told(id, 'audit.recorded.v1')).toHaveLength(1)
    }
  })

  it('R55: would be decided twice if the first decision were not seen: the race is real', async () => {
    await sql`
      create function forget_decision() returns trigger language plpgsql as $$
      begin
        new.status := old.status; new.version := old.version; new.rejection_reason := old.rejection_reason;
        return new;
      end $$`.execute(events.db)
    await sql`create trigger forget before update on events for each row execute function forget_decision()`.execute(
      events.db,
    )
    try {
      const id = await propose()
      const answers = await Promise.all([act(id, 'approve', manager), reject(id)])
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
    } finally {
      await sql`drop trigger forget on events`.execute(events.db)
    }
  })

  it('waits in the list of staff, the longest waiting first', async () => {
    const [first, second] = [await propose(), await propose()]
    const { body } = await events.api.get('/events/pending?limit=100', { token: manager.token })
    const ids: string[] = body.items.map(({ id }: { id: string }) => id)
    expect(ids.slice(-2)).toEqual([first, second])
    expect(body.items.every(({ status }: { status: string }) => status === 'PENDING')).toBe(true)
    expect((await events.api.get('/events/pending', { token: organizer.token })).status).toBe(403)
  })

  it('is decided by staff alone, once, and for a reason', async () => {
    const id = await propose()
    expect((await act(id, 'approve', organizer)).status).toBe(403)
    expect((await act(id, 'submit', organizer)).body.error).toBe('InvalidStatus')
    expect((await act(id, 'reject', manager, {})).body.details).toHaveProperty('reason')
    expect((await act(id, 'reject', manager, { reason: ' ' })).status).toBe(422)
    expect((await act(id, 'approve', manager)).status).toBe(200)
    expect((await act(id, 'approve', manager)).body.error).toBe('InvalidStatus')
    expect((await act('01890000-0000-7000-8000-000000000000', 'approve', manager)).status).toBe(404)
    const other = await events.somebody('organizer')
    expect((await act(await propose(), 'submit', other)).status).toBe(404)
  })
})
