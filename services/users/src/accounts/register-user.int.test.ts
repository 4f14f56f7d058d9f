import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers

beforeAll(async () => {
  users = await startUsers()
})

afterAll(() => users?.stop())

describe('signing up', () => {
  it('S3, R20: makes exactly one admin of twenty who are first at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => users.signUp()))
    expect(answers.map(({ body }) => body.role).sort()).toEqual(['admin', ...Array(19).fill('anonymous')])
  })

  it('S3: would make several if their place were not taken: the race is real', async () => {
    const empty = await startUsers()
    try {
      // Whoever takes the place of the first gives it back, once others have come.
      await sql`
        create function leave_place() returns trigger language plpgsql as $$
        begin perform pg_sleep(0.3); delete from first_account; return null; end $$`.execute(empty.db)
      await sql`
        create trigger leave_place after insert on first_account for each row execute function leave_place()`.execute(
        empty.db,
      )
      const answers = await Promise.all(Array.from({ length: 20 }, () => empty.signUp()))
      expect(answers.filter(({ body }) => body.role === 'admin').length).toBeGreaterThan(1)
    } finally {
      await empty.stop()
    }
  })

  it('makes every later account anonymous until it is verified', async () => {
    const { body } = await users.signUp({ firstName: 'Ada', lastName: 'Lovelace' })
    expect(body).toMatchObject({ role: 'anonymous', emailVerified: false, firstName: 'Ada', locale: 'en' })
    expect(body.nickname).toMatch(/^[a-z]+-[a-z]+-\d{4}$/)
  })

  it('tells of snapshot and fact with the same version, the link sealed', async () => {
    const { id, email } = (await users.signUp()).body
    const told = await users.toldAbout(id)
    expect(told.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['user.snapshot.v1', 1],
      ['user.registered.v1', 1],
    ])
    expect(JSON.stringify(told.find(({ type }) => type === 'user.registered.v1'))).not.toContain(email)
  })

  it('R7, R18: refuses a taken address and a taken nickname, whatever their case', async () => {
    const { email } = (await users.signUp({ nickname: 'Countess' })).body
    const sameEmail = await users.api.post('/auth/register', {
      body: { email: ` ${email.toUpperCase()} `, password: PASSWORD },
    })
    expect(sameEmail).toMatchObject({ status: 409, body: { error: 'EmailTaken' } })
    const sameNickname = await users.api.post('/auth/register', {
      body: { email: 'other@example.org', password: PASSWORD, nickname: 'COUNTESS' },
    })
    expect(sameNickname).toMatchObject({ status: 409, body: { error: 'NicknameTaken' } })
  })

  it('S4, R19: gives one account to twenty who ask for the same address at once', async () => {
    const body = { email: 'Crowd@example.org', password: PASSWORD }
    const answers = await Promise.all(Array.from({ length: 20 }, () => users.api.post('/auth/register', { body })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)])
  })

  it.each([
    ['email', { email: 'no-at' }, 'must contain an @'],
    ['email', { email: 'a@b' }, 'must have a domain with a dot, such as example.org'],
    ['password', { password: 'short' }, 'must be at least 8 characters'],
    ['password', { password: 'alllowercase1' }, 'needs an upper-case letter'],
    ['password', { password: '1qaz2wsx3edc4rfv' }, 'is among the most common passwords'],
    ['nickname', { nickname: 'admin' }, 'is reserved'],
    ['role', { role: 'admin' }, 'is not a known member'],
    ['firstName', { firstName: 'a\u0000b' }, 'must not contain control characters'],
  ])('refuses %s %j and says why', async (field, override, reason) => {
    const body = { email: 'refused@example.org', password: PASSWORD, ...override }
    const answer = await users.api.post('/auth/register', { body })
    expect(answer).toMatchObject({ status: 422, body: { error: 'ValidationError' } })
    expect(answer.body.details[field]).toContain(reason)
  })

  it('does the work of one Idempotency-Key once, also for parallel requests', async () => {
    const options = {
      body: { email: 'once@example.org', password: PASSWORD },
      headers: { 'idempotency-key': 'a-key-of-mine' },
    }
    const answers = await Promise.all([1, 2, 3].map(() => users.api.post('/auth/register', options)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    const reordered = { password: PASSWORD, email: 'once@example.org' }
    const again = await users.api.post('/auth/register', { ...options, body: reordered })
    expect([again.status, again.body.id]).toEqual([201, answers[0]?.body.id])
  })

  it('never lets two strangers meet who chose the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'a-key-of-many' }
    const emails = ['one-of-two@example.org', 'two-of-two@example.org']
    for (const email of emails) {
      const answer = await users.api.post('/auth/register', { body: { email, password: PASSWORD }, headers })
      expect(answer).toMatchObject({ status: 201, body: { email } })
    }
  })
})
