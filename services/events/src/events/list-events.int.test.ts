import { days } from '@rollcall/runtime/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

const DAY = days(1)
let events: RunningEvents
let organizer: Somebody
let manager: Somebody

const at = (inDays: number) => {
  const startAt = Date.now() + inDays * DAY
  return { startAt: new Date(startAt).toISOString(), endAt: new Date(startAt + 3600_000).toISOString() }
}

beforeAll(async () => {
  events = await startEvents()
  organizer = await events.somebody('organizer')
  manager = await events.somebody('manager')
  await events.publish({ ...at(1), title: 'Über den Wolken', location: 'Halle 7', tags: ['sky', 'labs'] })
  await events.publish({ ...at(2), title: '100% fun', category: 'meetup', tags: ['fun'] })
  await events.publish({ ...at(3), title: '1000 fun', description: 'Bring_friends', tags: ['labs'] })
  await events.publish({ ...at(4), title: 'Hidden labs', visibility: 'unlisted', tags: ['labs', 'secret'] })
  const body = { ...anEvent(), title: 'Waiting labs', tags: ['labs', 'secret'] }
  await events.api.post('/events', { token: organizer.token, body })
})
afterAll(() => events?.stop())

const get = (path: string, who?: Somebody) => events.api.get(path, who ? { token: who.token } : {})
const titles = async (path: string, who?: Somebody): Promise<string[]> =>
  (await get(path, who)).body.items.map(({ title }: { title: string }) => title)

describe('the list of events', () => {
  it.each<[string, string[]]>([
    ['', ['Über den Wolken', '100% fun', '1000 fun']],
    ['?sort=-startAt', ['1000 fun', '100% fun', 'Über den Wolken']],
    ['?sort=createdAt', ['Über den Wolken', '100% fun', '1000 fun']],
    ['?q=%C3%BCBER', ['Über den Wolken']],
    ['?q=100%25', ['100% fun']],
    ['?q=g_f', ['1000 fun']],
    ['?q=labs', []],
    ['?place=halle', ['Über den Wolken']],
    ['?category=meetup', ['100% fun']],
    ['?category=no_such', []],
    ['?tag=labs', ['Über den Wolken', '1000 fun']],
    ['?tag=LABS&tag=fun', ['Über den Wolken', '100% fun', '1000 fun']],
    ['?tag=labs&q=wolken', ['Über den Wolken']],
    [`?from=${at(1.5).startAt}&to=${at(2.5).startAt}`, ['100% fun']],
    [`?to=${at(1.5).startAt}`, ['Über den Wolken']],
    [`?${Array.from({ length: 1000 }, (_, index) => `tag=t${index}`).join('&')}`, []],
  ])('R50: has what everybody may find, by %s', async (search, expected) => {
    expect(await titles(`/events${search}`)).toEqual(expected)
    expect(await titles(`/events${search}`, manager)).toEqual(expected)
  })

  it('keeps its filters in its links', async () => {
    const { body } = await get('/events?tag=labs&tag=fun&limit=1&sort=-createdAt')
    expect(body).toMatchObject({ total: 3, items: [{ title: '1000 fun' }] })
    expect(await titles(body._links.next.href)).toEqual(['100% fun'])
  })

  it.each(['?tag=Ümlaut', '?tag=', '?sort=title', '?from=today', '?status=PENDING', '?q=', '?limit=0'])(
    'refuses %s',
    async (search) => {
      expect(await get(`/events${search}`)).toMatchObject({ status: 422, body: { error: 'ValidationError' } })
    },
  )
})

describe('events that somebody manages', () => {
  it('R59: are an organizer’s own, and for staff all', async () => {
    expect(await titles('/events/managed', organizer)).toEqual(['Waiting labs'])
    expect(await titles('/events/managed?sort=createdAt', manager)).toHaveLength(5)
    expect(await titles('/events/managed?status=PENDING', manager)).toEqual(['Waiting labs'])
    expect((await get('/events/managed', await events.somebody())).status).toBe(403)
    expect((await get('/events/managed')).status).toBe(401)
  })
})

describe('categories and tags', () => {
  it('R50: counts tags of what everybody may find, and completes them', async () => {
    const tags = async (search = '') => (await get(`/tags${search}`)).body.items
    expect(await tags('?limit=2')).toEqual([
      { name: 'labs', count: 2 },
      { name: 'fun', count: 1 },
    ])
    expect(await tags('?prefix=SK')).toEqual([{ name: 'sky', count: 1 }])
    expect(await tags('?prefix=secret')).toEqual([])
  })

  it('are edited by admins, as long as no event has them', async () => {
    const admin = await events.somebody('admin')
    const names = async () => (await get('/categories')).body.items.map(({ name }: { name: string }) => name)
    const call = (method: string, name: string, { token } = admin) =>
      events.api.call(method, `/categories/${name}`, { token })
    expect(await names()).toContain('workshop')
    expect((await call('PUT', 'hackathon')).body).toEqual({ name: 'hackathon' })
    expect((await call('PUT', 'hackathon')).status).toBe(200)
    const id = await events.publish({ category: 'hackathon' })
    expect(await call('DELETE', 'hackathon')).toMatchObject({ status: 409, body: { error: 'InvalidStatus' } })
    await events.db.updateTable('events').set({ category: 'other' }).where('id', '=', id).execute()
    expect((await call('DELETE', 'hackathon')).status).toBe(204)
    expect((await call('DELETE', 'hackathon')).status).toBe(204)
    expect(await names()).not.toContain('hackathon')
    expect((await call('PUT', 'Rock%20n%20Roll')).status).toBe(422)
    expect((await call('PUT', 'hackathon', manager)).status).toBe(403)
  })
})
