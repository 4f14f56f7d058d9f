import type { PlantedWorkspace } from '../planted-workspace.ts'

export const OWN_FOLDER = 'services/feedback'

/** A service with a database, one operation, and what it has to know of callers. */
export function writeService({ write, install }: PlantedWorkspace): void {
  const source = (file: string, text: string) => write(`${OWN_FOLDER}/src/${file}`, text)
  write(`${OWN_FOLDER}/package.json`, '{ "name": "@rollcall/feedback", "private": true, "type": "module" }\n')
  install('feedback', 'events')
  source(
    'main.ts',
    `import { runService } from '@rollcall/runtime/service'
import { startFeedbackService } from './app.ts'
import { loadConfig } from './config.ts'

await runService({ name: 'feedback', environment: process.env, loadConfig, start: startFeedbackService })
`,
  )
  source(
    'config.ts',
    `import { parseEnvironment, processEnvironment, refuseUnsafeSettings, sharedSettings } from '@rollcall/runtime/config'
import { z } from 'zod'

const Environment = processEnvironment.extend({ JWKS_URL: z.url() }).superRefine(refuseUnsafeSettings)

export type FeedbackConfig = ReturnType<typeof loadConfig>

export function loadConfig(environment: Record<string, string | undefined>) {
  const env = parseEnvironment(Environment, environment)
  return { ...sharedSettings(env), tokens: { issuer: env.PUBLIC_URL, jwksUrl: env.JWKS_URL } }
}
`,
  )
  source(
    'api.ts',
    `import { type Api, defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

export const feedbackApi = defineApi({
  listFeedback: {
    method: 'get',
    path: '/feedback',
    summary: 'What people say',
    tag: 'feedback',
    permission: 'account.own',
    answers: { 200: { description: 'Nothing yet', schema: z.object({ items: z.array(z.string()) }) } },
  },
})

export const apis: Api[] = [feedbackApi]
`,
  )
  source(
    'app.ts',
    `import { openAccess } from '@rollcall/access/access'
import { ok } from '@rollcall/http/answers'
import { implement } from '@rollcall/http/operation'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { openConsumers } from '@rollcall/service/consume'
import { openFoundation } from '@rollcall/service/foundation'
import { serve } from '@rollcall/service/serve'
import { feedbackApi } from './api.ts'
import type { FeedbackConfig } from './config.ts'
import type { FeedbackDatabase } from './database/tables.ts'

export async function startFeedbackService(config: FeedbackConfig, process: ServiceProcess): Promise<void> {
  const foundation = await openFoundation<FeedbackDatabase>(config, process)
  const access = openAccess({ ...foundation, tokens: config.tokens })
  const consume = await openConsumers(foundation)
  const roles = consume({ groupId: 'feedback.access', ...access.group })
  await serve(foundation, {
    config,
    routes: implement(feedbackApi, { listFeedback: async () => ok({ items: [] }) }),
    authenticate: access.authenticate,
    knowledgeAgeMs: roles.behindMs,
  })
}
`,
  )
  source(
    'database/tables.ts',
    `import type { AccessTables } from '@rollcall/access/tables'
import type { IdempotencyTables } from '@rollcall/outbox/idempotency'
import type { OutboxTables } from '@rollcall/outbox/tables'

export interface FeedbackDatabase extends OutboxTables, IdempotencyTables, AccessTables {}
`,
  )
  source(
    'database/migrations.ts',
    `import * as access from '@rollcall/access/migration'
import type { Migrations } from '@rollcall/database/migrate'
import * as idempotency from '@rollcall/outbox/idempotency-migration'
import * as outbox from '@rollcall/outbox/migration'

export const migrations: Migrations = {
  '20991231T000000Z-outbox': outbox,
  '20991231T000001Z-idempotency': idempotency,
  '20991231T000002Z-access': access,
}
`,
  )
  source(
    'database/migrate.ts',
    `import { createDatabase } from '@rollcall/database/connect'
import { migrateToLatest } from '@rollcall/database/migrate'
import { parseEnvironment } from '@rollcall/runtime/config'
import { z } from 'zod'
import { migrations } from './migrations.ts'

const { DATABASE_URL: url } = parseEnvironment(z.object({ DATABASE_URL: z.url() }), process.env)
const db = createDatabase({ url, maxConnections: 1, applicationName: 'feedback-migrate' })
await migrateToLatest(db, migrations)
await db.destroy()
`,
  )
}
