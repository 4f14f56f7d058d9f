import type { PlantedWorkspace } from '../planted-workspace.ts'
import type { Task } from '../task.ts'
import { OWN_FOLDER, writeService } from './service-files.ts'

const GATEWAY = 'infra/gateway/gateway.conf.template'

/** As Compose writes what may be set. */
const setting = (name: string, value: string) => `\${${name}:-${value}}`
const PASSWORD = setting('FEEDBACK_DATABASE_PASSWORD', 'local-only-feedback')

/** A service that people can ask, with a database of its own. */
export const service: Task = {
  name: 'a service',
  mostFiles: 5,
  ownFolder: OWN_FOLDER,
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
