import { expect, it } from 'vitest'
import { loadConfig } from './config.ts'

const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }
const complete = {
  NODE_ENV: 'test',
  PORT: '8083',
  INNER_PORT: '9083',
  PUBLIC_URL: 'http://localhost:8080/',
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/notifications',
  REDIS_URL: 'redis://127.0.0.1:6379',
  KAFKA_BROKERS: '127.0.0.1:9092',
  JWKS_URL: 'http://127.0.0.1:8081/.well-known/jwks.json',
  NOTIFICATIONS_PRIVATE_KEY: JSON.stringify(key),
  SMTP_URL: 'smtp://127.0.0.1:1025',
  MAIL_FROM: 'Rollcall <no-reply@rollcall.test>',
  MINIO_ENDPOINT: 'http://127.0.0.1:9000',
  MINIO_ACCESS_KEY: 'a',
  MINIO_SECRET_KEY: 's',
}

it('reads its settings, with defaults for what need not be set', () => {
  const config = loadConfig(complete)
  expect(config).toMatchObject({
    publicUrl: 'http://localhost:8080',
    tokens: { issuer: 'http://localhost:8080' },
    privateKeys: [key],
    mail: { poolSize: 20 },
    leaseMs: 60_000,
  })
  expect(config.mail.attemptTimeoutMs).toBeLessThan(config.leaseMs)
})

it('takes older keys beside the present one', () => {
  const NOTIFICATIONS_PRIVATE_KEY = JSON.stringify([key, { ...key, d: 'older' }])
  expect(loadConfig({ ...complete, NOTIFICATIONS_PRIVATE_KEY }).privateKeys).toHaveLength(2)
})

it('names everything that is missing or wrong at once', () => {
  const { SMTP_URL: _, ...rest } = complete
  const wrong = { ...rest, MAIL_FROM: 'x\r\nBcc: y@z', NOTIFICATIONS_PRIVATE_KEY: '{', JWKS_URL: 'ftp://x' }
  expect(() => loadConfig(wrong)).toThrow(
    /4 problem[\s\S]*JWKS_URL[\s\S]*NOTIFICATIONS_PRIVATE_KEY[\s\S]*SMTP_URL[\s\S]*MAIL_FROM/,
  )
})

it('refuses test apparatus elsewhere', () => {
  const production = { ...complete, NODE_ENV: 'production', ROLLCALL_CHECKPOINT_KILL: 'mail-after-claim' }
  expect(() => loadConfig(production)).toThrow('ROLLCALL_CHECKPOINT_KILL')
})
