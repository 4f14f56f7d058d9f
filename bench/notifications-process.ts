import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ServiceProcess, startService } from '@rollcall/testing/processes'
import type { JWK } from 'jose'
import { createBenchDatabase } from './database.ts'
import { benchEngines } from './engines.ts'

const MIGRATE = join(import.meta.dirname, '../services/notifications/src/database/migrate.ts')

/** The notifications service as its own process, on a new database. */
export async function startNotifications(smtpUrl: string, privateKey: JWK): Promise<ServiceProcess> {
  const { kafka, redis, minio } = await benchEngines()
  const database = await createBenchDatabase('notifications', {})
  await database.close()
  const environment = {
    DATABASE_URL: database.url,
    PUBLIC_URL: 'http://localhost:8080',
    KAFKA_BROKERS: kafka,
    REDIS_URL: redis,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Rollcall <rollcall@example.org>',
    JWKS_URL: 'http://127.0.0.1:9/jwks.json',
    NOTIFICATIONS_PRIVATE_KEY: JSON.stringify(privateKey),
    MINIO_ENDPOINT: minio.endpoint,
    MINIO_ACCESS_KEY: minio.accessKey,
    MINIO_SECRET_KEY: minio.secretKey,
    LOG_LEVEL: 'warn',
  }
  await promisify(execFile)(process.execPath, [MIGRATE], { env: { ...process.env, ...environment } })
  return startService({ name: 'notifications', environment })
}
