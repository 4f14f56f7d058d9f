import { type TestSecrets, testEnvironment } from '@rollcall/test-stack/environments'
import { type ServiceProcess, startService } from '@rollcall/test-stack/processes'
import { migrations } from '../../services/notifications/src/database/migrations.ts'
import { createBenchDatabase } from './database.ts'
import { benchEngines } from './engines.ts'
import { settings } from './service.ts'

export interface NotificationsStage {
  smtpUrl: string
  /** Whose topics it reads. */
  secrets: TestSecrets
  /** How many share the work. */
  processes: number
}

/** The notifications service as processes of its own, on a new database. */
export async function startNotifications({
  smtpUrl,
  secrets,
  processes,
}: NotificationsStage): Promise<ServiceProcess[]> {
  const engines = await benchEngines()
  const database = await createBenchDatabase('notifications', migrations)
  await database.close()
  const publicUrl = 'http://rollcall.test'
  const wanted = { publicUrl, databaseUrl: database.url, secrets, engines, smtpUrl }
  const environment = { ...testEnvironment('notifications', wanted), ...settings }
  return Promise.all(Array.from({ length: processes }, () => startService({ name: 'notifications', environment })))
}
