import { newId } from '@rollcall/runtime/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, startEvents } from '../../test/running-events.ts'

let events: RunningEvents

beforeAll(async () => {
  events = await startEvents()
})

afterAll(() => events?.stop())

const create = async (token: string) => (await events.api.post('/events', { token, body: anEvent() })).status

describe('what the events service knows of people', () => {
  it('S31: refuses a demoted manager’s old token within a second', async () => {
    const id = newId()
    await events.tellOfUser({ id, role: 'manager', sequence: 1 })
    const token = await events.tokens.sign({ userId: id, role: 'manager', version: 1 })
    await expect.poll(() => create(token)).toBe(201)
    await events.tellOfUser({ id, role: 'authenticated', sequence: 2 })
    await expect.poll(() => create(token), { timeout: 1000, interval: 20 }).toBe(403)
  })

  it('takes the token’s word while it is newer than the projection', async () => {
    const id = newId()
    await events.tellOfUser({ id, role: 'authenticated', sequence: 1 })
    const token = await events.tokens.sign({ userId: id, role: 'manager', version: 2 })
    expect(await create(token)).toBe(201)
  })

  it('keeps the newest state when an older message comes later', async () => {
    const id = newId()
    await events.tellOfUser({ id, role: 'authenticated', sequence: 5 })
    await events.tellOfUser({ id, role: 'manager', sequence: 4 })
    await events.tellOfUser({ id: newId(), role: 'manager', sequence: 1 })
    const token = await events.tokens.sign({ userId: id, role: 'manager', version: 1 })
    await expect.poll(() => create(token)).toBe(403)
  })

  it('S31: refuses a locked person altogether', async () => {
    const id = newId()
    const token = await events.tokens.sign({ userId: id, role: 'manager' })
    await events.tellOfUser({ id, role: 'manager', sequence: 2, locked: true })
    await expect.poll(() => create(token)).toBe(401)
  })
})

describe('a token', () => {
  it.each([
    ['for another audience', { audience: 'rollcall-ops' }],
    ['of another issuer', { issuer: 'http://evil.test' }],
    ['of another kind', { typ: 'ops+jwt' }],
    ['that has expired', { expiresIn: -120 }],
  ])('%s is refused', async (_, difference) => {
    const token = await events.tokens.sign({ userId: newId(), role: 'admin', ...difference })
    const answer = await events.api.get('/events', { token })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  })
})
