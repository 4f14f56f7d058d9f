import { unseal } from '@rollcall/contracts/seal'
import type { Clock } from '@rollcall/runtime/clock'
import { applyTestTopics, createTestSecrets, testEnvironment } from '@rollcall/test-stack/environments'
import { startInProcess } from '@rollcall/test-stack/in-process'
import { type ApiClient, type CallOptions, createApiClient } from '@rollcall/testing/api-client'
import { createTestDatabase } from '@rollcall/testing/database'
import { keepMessages, type Told, toldAbout } from '@rollcall/testing/told'
import type { Kysely } from 'kysely'
import { inject } from 'vitest'
import { z } from 'zod'
import { startUsersService } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { migrations } from '../src/database/migrations.ts'
import type { UsersDatabase } from '../src/database/tables.ts'

/** Whatever a sealed link is for. */
const SealedLink = z.object({ verifyUrl: z.url().optional(), url: z.url().optional() })

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
  /** Settings that a command of the service runs with. */
  environment: Record<string, string>
  /** Every message about a user, as it went to the outbox. */
  toldAbout(userId: string): Promise<Told[]>
  /** The path of the latest mailed link. */
  linkOf(userId: string): Promise<string>
  /** What a sealed part says. */
  unseal(part: unknown): Promise<unknown>
  signUp(overrides?: Record<string, unknown>): ReturnType<ApiClient['post']>
  /** Somebody signed up, verified and signed in. The first is the admin. */
  join(): Promise<Person>
  /** Signs somebody in, with what else a request has. */
  signIn(email: string, password?: string, options?: CallOptions): ReturnType<ApiClient['post']>
  stop(): Promise<void>
}

interface Started {
  /** Settings that differ from those of all tests. */
  environment?: Record<string, string>
  /** A clock that the test moves. */
  clock?: Clock
}

/** The users service with a database, topics and queues of its own. */
export async function startUsers({ environment: special = {}, clock }: Started = {}): Promise<RunningUsers> {
  const engines = inject('engines')
  const secrets = await createTestSecrets()
  const database = await createTestDatabase<UsersDatabase>({ name: 'users', migrations })
  await keepMessages(database.db)
  await applyTestTopics(secrets, engines.kafka)
  const environment = testEnvironment('users', { publicUrl: PUBLIC_URL, databaseUrl: database.url, secrets, engines })
  const users = await startInProcess({ loadConfig, start: startUsersService }, { ...environment, ...special }, clock)
  const api = createApiClient(users.baseUrl)
  const told = (userId: string) => toldAbout(database.db, userId)
  let people = 0

  const open = (part: unknown) => unseal([secrets.notificationsKey.private], String(part))

  async function linkOf(userId: string): Promise<string> {
    const sealed = (await told(userId)).map(({ data }) => data['sealed']).findLast((value) => value !== undefined)
    const { verifyUrl, url } = SealedLink.parse(await open(sealed))
    return String(verifyUrl ?? url).slice(PUBLIC_URL.length)
  }

  function signUp(overrides: Record<string, unknown> = {}) {
    people += 1
    return api.post('/auth/register', {
      body: { email: `person-${people}@example.org`, password: PASSWORD, ...overrides },
    })
  }

  function signIn(email: string, password = PASSWORD, options: CallOptions = {}) {
    return api.post('/auth/login', { body: { email, password }, ...options })
  }

  async function join(): Promise<Person> {
    const { id, email } = (await signUp()).body
    await api.post(await linkOf(id))
    const { accessToken, refreshToken } = (await signIn(email)).body
    return { id, email, token: accessToken, refreshToken }
  }

  async function stop() {
    await users.stop()
    await database.drop()
  }

  return {
    api,
    db: database.db,
    environment: { ...environment, NODE_ENV: 'test', PORT: '1', INNER_PORT: '1' },
    toldAbout: told,
    linkOf,
    unseal: open,
    signUp,
    join,
    signIn,
    stop,
  }
}
