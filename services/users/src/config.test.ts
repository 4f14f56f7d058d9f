import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { loadConfig } from './config.ts'

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const complete = {
  NODE_ENV: 'production',
  PORT: '8080',
  INNER_PORT: '9090',
  PUBLIC_URL: 'https://rollcall.example.org',
  DATABASE_URL: 'postgres://users:secret@db:5432/users',
  KAFKA_BROKERS: 'kafka:9092',
  REDIS_URL: 'redis://redis:6379',
  PASSWORD_PEPPER: 'a pepper of more than thirty-two characters',
  KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64url'),
  NOTIFICATIONS_PUBLIC_KEY: JSON.stringify(publicKey.export({ format: 'jwk' })),
}

it('makes nobody an admin for being first, unless it is told', () => {
  expect(loadConfig(complete).accounts.firstUserIsAdmin).toBe(false)
  const local = { ...complete, NODE_ENV: 'development', FIRST_USER_IS_ADMIN: 'true' }
  expect(loadConfig(local).accounts.firstUserIsAdmin).toBe(true)
})

it('S49, R28: refuses in production that the first stranger becomes the admin', () => {
  expect(() => loadConfig({ ...complete, FIRST_USER_IS_ADMIN: 'true' })).toThrow(
    'FIRST_USER_IS_ADMIN: must not be true in production',
  )
  expect(loadConfig({ ...complete, FIRST_USER_IS_ADMIN: 'false' }).accounts.firstUserIsAdmin).toBe(false)
})

it('S49: refuses a cheap hash in production', () => {
  expect(() => loadConfig({ ...complete, BCRYPT_COST: '4' })).toThrow('BCRYPT_COST: must be at least 10 in production')
})
