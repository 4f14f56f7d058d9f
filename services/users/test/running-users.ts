import { unseal } from '@rollcall/contracts/seal'
import { VerificationLink } from '@rollcall/contracts/users'
import { applyTestTopics, createTestSecrets, testEnvironment } from '@rollcall/test-stack/environments'
import { startInProcess } from '@rollcall/test-stack/in-process'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { createTestDatabase } from '@rollcall/testing/database'
import { keepMessages, type Told, toldAbout } from '@rollcall/testing/told'
import type { Kysely } from 'kysely'
import { inject } from 'vitest'
import { startUsersService } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { migrations } from '../src/database/migrations.ts'
import type { UsersDatabase } from '../src/database/tables.ts'

export const PUBLIC_URL = 'http://rollcall.test'
export const PASSWORD = 'Correct horse 7!'

export interface Person {
  id: string
  email: string
  token: string
  refreshToken: string
}

export interface RunningUsers {
  api: ApiClient
  db: Kysely<UsersDatabase>
  /** Every message about a user, as it went to the outbox. */
  toldAbout(userId: string): Promise<Told[]>
  /** The path of the latest mailed link. */
  linkOf(userId: string): Promise<string>
  signUp(overrides?: Record<string, unknown>): ReturnType<ApiClient['post']>
  /** Somebody signed up, verified and signed in. The first is the admin. */
  join(): Promise<Person>
  stop(): Promise<void>
}

/** The users service with a database, topics and queues of its own. */
export async function startUsers(): Promise<RunningUsers> {
  const engines = inject('engines')
  const secrets = await createTestSecrets()
  const database = await createTestDatabase<UsersDatabase>({ name: 'users', migrations })
  await keepMessages(database.db)
  await applyTestTopics(secrets, engines.kafka)
  const environment = testEnvironment('users', { publicUrl: PUBLIC_URL, databaseUrl: database.url, secrets, engines })
  const users = await startInProcess({ loadConfig, start: startUsersService }, environment)
  const api = createApiClient(users.baseUrl)
  const told = (userId: string) => toldAbout(database.db, userId)
  let people = 0

  async function linkOf(userId: string): Promise<string> {
    const sealed = (await told(userId)).map(({ data }) => data['sealed']).findLast((value) => value !== undefined)
    const link = VerificationLink.parse(await unseal([secrets.notificationsKey.private], String(sealed)))
    return link.verifyUrl.slice(PUBLIC_URL.length)
  }

  function signUp(overrides: Record<string, unknown> = {}) {
    people += 1
    return api.post('/auth/register', {
      body: { email: `person-${people}@example.org`, password: PASSWORD, ...overrides },
    })
  }

  async function join(): Promise<Person> {
    const { id, email } = (await signUp()).body
    await api.post(await linkOf(id))
    const { accessToken, refreshToken } = (await api.post('/auth/login', { body: { email, password: PASSWORD } })).body
    return { id, email, token: accessToken, refreshToken }
  }

  async function stop() {
    await users.stop()
    await database.drop()
  }

  return { api, db: database.db, toldAbout: told, linkOf, signUp, join, stop }
}
