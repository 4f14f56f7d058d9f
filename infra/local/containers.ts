import { join } from 'node:path'
import { succeeds } from '@rollcall/engines/docker'
import type { Engine } from '@rollcall/engines/engine'
import { launch } from '@rollcall/engines/launch'
import { runCommand } from '@rollcall/engines/run-command'
import { ROOT } from '@rollcall/engines/workspace'
import { serviceNames } from '@rollcall/stack/services'
import { BadSetting } from '@rollcall/stack/settings'
import { engineParts, MINIO_USER, type Part, POSTGRES_USER, type Stack } from '@rollcall/stack/stack'

/** Compose v2 is a plugin of `docker`; before it there was a program of its own. */
type Compose = [command: string, ...firstArguments: string[]]

/** The same parts at the same ports, each as a container; `ready` asks the engine itself, as it does natively. */
export async function containerEngines(stack: Stack): Promise<Part[]> {
  const compose = await findCompose()
  if (!compose) throw new BadSetting('there is no docker compose')
  return engineParts(stack).map((part) => ({ ...part, engine: inContainer(part.engine, { stack, compose }) }))
}

function inContainer(engine: Engine, { stack, compose }: { stack: Stack; compose: Compose }): Engine {
  return {
    name: engine.name,
    needs: () => [],
    ensure: async () => {},
    ready: engine.ready,
    // Attached, so that ending this process ends the container, and its output is the container's.
    start: ({ folder }) => {
      const { command, args } = composeCommand(compose, ['up', '--no-deps', engine.name])
      return launch({
        name: engine.name,
        command,
        args,
        environment: composeEnvironment(stack),
        logFile: join(folder, `${engine.name}.log`),
        workingFolder: ROOT,
        stopSignal: 'SIGINT',
      })
    },
  }
}

/** Removes the containers of earlier starts, and their data; does nothing where Docker has never been used. */
export async function removeContainers(stack: Stack): Promise<void> {
  const compose = (await succeeds('docker', ['info'])) ? await findCompose() : undefined
  if (!compose) return
  await runCommand({ ...composeCommand(compose, ['down', '--volumes']), environment: composeEnvironment(stack) })
}

function composeEnvironment({ settings: { ports, environment }, secrets }: Stack): NodeJS.ProcessEnv {
  return {
    ...environment,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    COMPOSE_PROJECT_NAME: `rollcall-${secrets.stateId}`,
    POSTGRES_USER,
    POSTGRES_PASSWORD: secrets.postgresPassword,
    ...Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_DATABASE_PASSWORD`, secrets.databasePasswords[name]]),
    ),
    MINIO_ACCESS_KEY: MINIO_USER,
    MINIO_SECRET_KEY: secrets.minioPassword,
  }
}

function composeCommand([command, ...first]: Compose, rest: string[]) {
  return { command, args: [...first, '--file', join(ROOT, 'docker-compose.yml'), ...rest], workingFolder: ROOT }
}

async function findCompose(): Promise<Compose | undefined> {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose']
  if (await succeeds('docker-compose', ['version'])) return ['docker-compose']
  return undefined
}
