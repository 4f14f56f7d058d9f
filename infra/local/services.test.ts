import { createSecrets } from '@rollcall/stack/secrets'
import { type ServiceName, serviceNames } from '@rollcall/stack/services'
import { readSettings } from '@rollcall/stack/settings'
import { expect, it } from 'vitest'
import { localEnvironment } from './services.ts'

const secrets = createSecrets()

const environmentOf = (name: ServiceName, newcomers: Record<string, string> = {}) =>
  localEnvironment({ settings: readSettings(newcomers, '/nowhere/.env'), secrets, folder: '/nowhere' }, name)

it('lets the newcomer set what is a setting', () => {
  const environment = environmentOf('users', {
    LOG_LEVEL: 'debug',
    PUBLIC_URL: 'https://me.example',
    BCRYPT_COST: '10',
  })
  expect(environment).toMatchObject({ LOG_LEVEL: 'debug', PUBLIC_URL: 'https://me.example', BCRYPT_COST: '10' })
})

it('is no production and finds its own parts, whatever a shell has set for other programs', () => {
  const shell = { NODE_ENV: 'production', PORT: '3000', DATABASE_URL: 'postgres://elsewhere/x', REDIS_URL: 'redis://x' }
  expect(environmentOf('events', shell)).toMatchObject({
    NODE_ENV: 'development',
    PORT: '8082',
    DATABASE_URL: expect.stringContaining('@127.0.0.1:15432/events'),
    REDIS_URL: 'redis://127.0.0.1:16379',
  })
})

it('makes the first account the admin, and only the users service has to know', () => {
  expect(environmentOf('users')['FIRST_USER_IS_ADMIN']).toBe('true')
  expect(environmentOf('events')['FIRST_USER_IS_ADMIN']).toBeUndefined()
})

it.each(serviceNames)('gives %s no secret of another service', (name) => {
  const text = JSON.stringify(environmentOf(name))
  const owners: [secret: string, owner: ServiceName][] = [
    [secrets.passwordPepper, 'users'],
    [secrets.keyEncryptionKey, 'users'],
    [String(secrets.ticketSigningKey.d), 'events'],
    [String(secrets.notificationsKey.private.d), 'notifications'],
    ...serviceNames.map((owner): [string, ServiceName] => [secrets.databasePasswords[owner], owner]),
  ]
  for (const [secret, owner] of owners) expect([owner, text.includes(secret)]).toEqual([owner, owner === name])
  expect(text).not.toContain(secrets.postgresPassword)
})
