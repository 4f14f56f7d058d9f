import type { PlantedWorkspace } from '../planted-workspace.ts'
import type { Task } from '../task.ts'

const OWN = 'services/feedback'
const GATEWAY = 'infra/gateway/gateway.conf.template'

/** As Compose writes what may be set. */
const setting = (name: string, value: string) => `\${${name}:-${value}}`
const PASSWORD = setting('FEEDBACK_DATABASE_PASSWORD', 'local-only-feedback')

/** A service that people can ask, with a database of its own. */
export const service: Task = {
  name: 'a service',
  mostFiles: 5,
  ownFolder: OWN,
  plant(workspace) {
    writeService(workspace)
    describeService(workspace)
    runInCompose(workspace)
    workspace.insert(GATEWAY, '  "~^/(notifications|ops)', '  "~^/feedback(/|$)"  feedback;\n')
    const example = workspace.insert.bind(null, '.env.example')
    example('\n# What the outside calls', '# FEEDBACK_PORT=8084\n# FEEDBACK_INNER_PORT=9084\n')
    example('# MINIO_ACCESS_KEY', '# FEEDBACK_DATABASE_PASSWORD=local-only-feedback\n')
  },
  shows: {
    source: `
      import { openApiDocument } from './infra/docs/openapi.ts'
      import { createSecrets } from './infra/stack/secrets.ts'
      import { PORTS } from './infra/stack/settings.ts'
      const { paths } = await openApiDocument()
      const kept = typeof createSecrets().databasePasswords.feedback
      console.log(JSON.stringify([Object.keys(paths['/feedback']), PORTS.FEEDBACK_PORT, kept]))`,
    is: [['get'], 8084, 'string'],
  },
  heldBy: ['infra/stack', 'infra/local/services.test.ts'],
}

/** What the stack knows of it; what else has to know is said by tests. */
export function describeService({ insert }: PlantedWorkspace): void {
  insert(
    'infra/stack/services.ts',
    '} satisfies Record<string, Service>',
    `  feedback: {
    ports: { api: 8084, inner: 9084 },
    needs: ['migrations', 'topics', 'redis'],
    environment: ({ addresses }) => ({ JWKS_URL: addresses.jwksUrl }),
  },
`,
  )
}

function runInCompose({ insert }: PlantedWorkspace): void {
  const url = `postgres://feedback:${PASSWORD}@postgres:5432/feedback`
  insert('docker-compose.yml', '    volumes:\n      - postgres:/var', `      FEEDBACK_DATABASE_PASSWORD: ${PASSWORD}\n`)
  insert(
    'docker-compose.yml',
    '  # Starts without any service',
    `  feedback-migrate:
    <<: *script
    image: rollcall-feedback
    build: &feedback-build
      context: .
      args:
        SERVICE: feedback
    command: ["node", "src/database/migrate.ts"]
    environment:
      DATABASE_URL: ${url}
    depends_on:
      postgres:
        condition: service_healthy

  feedback:
    <<: *service
    image: rollcall-feedback
    build: *feedback-build
    environment:
      <<: *environment
      DATABASE_URL: ${url}
      JWKS_URL: http://users:8080/.well-known/jwks.json
    depends_on:
      feedback-migrate:
        condition: service_completed_successfully
      topics:
        condition: service_completed_successfully
      redis:
        condition: service_healthy

`,
  )
}

export function writeService({ write, install }: PlantedWorkspace): void {
  const source = (file: string, text: string) => write(`${OWN}/src/${file}`, text)
  write(`${OWN}/package.json`, '{ "name": "@rollcall/feedback", "private": true, "type": "module" }\n')
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
