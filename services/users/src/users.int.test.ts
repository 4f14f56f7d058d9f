import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { applyTestTopics, createTestSecrets, usersEnvironment } from '@rollcall/testing/environments'
import { type ServiceProcess, startService } from '@rollcall/testing/processes'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrations } from './database/migrations.ts'
import type { UsersDatabase } from './database/tables.ts'

let database: TestDatabase<UsersDatabase>
let users: ServiceProcess

beforeAll(async () => {
  const secrets = await createTestSecrets()
  database = await createTestDatabase<UsersDatabase>({ name: 'users', migrations })
  await applyTestTopics(secrets)
  const publicUrl = 'http://rollcall.test'
  users = await startService({
    name: 'users',
    environment: usersEnvironment({ publicUrl, databaseUrl: database.url, secrets }),
  })
})

afterAll(async () => {
  await users?.kill('SIGTERM')
  await database?.drop()
})

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${users.baseUrl}${path}`, {
    method,
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : text }
}

it('signs somebody up and tells Kafka about it', async () => {
  const answer = await call('POST', '/auth/register', { email: 'ada@example.org', password: 'Correct horse 7!' })
  expect(answer).toMatchObject({ status: 201, body: { email: 'ada@example.org', emailVerified: false } })
  await expect.poll(() => database.db.selectFrom('outbox').select('id').execute()).toEqual([])
})
