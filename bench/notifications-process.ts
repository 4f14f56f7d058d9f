import { type TestSecrets, testEnvironment } from '@rollcall/test-stack/environments'
import { type ServiceProcess, startService } from '@rollcall/test-stack/processes'
import { migrations } from '../services/notifications/src/database/migrations.ts'
import { createBenchDatabase } from './database.ts'
import { benchEngines } from './engines.ts'

/** The notifications service as its own process, on a new database, reading the topics of these secrets' namespace. */
export async function startNotifications(smtpUrl: string, secrets: TestSecrets): Promise<ServiceProcess> {
  const engines = await benchEngines()
  const database = await createBenchDatabase('notifications', migrations)
  await database.close()
  const publicUrl = 'http://rollcall.test'
  const jwksUrl = 'http://127.0.0.1:9/jwks.json'
  const environment = testEnvironment('notifications', {
    publicUrl,
    databaseUrl: database.url,
    secrets,
    engines,
    jwksUrl,
    smtpUrl,
  })
  return startService({ name: 'notifications', environment: { ...environment, LOG_LEVEL: 'error' } })
}
