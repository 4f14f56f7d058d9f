import { join } from 'node:path'
import type { Engine } from './engines/engine.ts'
import { launch } from './launch.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { BadSetting, type EnginesChoice, ROOT } from './settings.ts'
import { engineParts, MINIO_USER, type Part, POSTGRES_USER, type Stack } from './stack.ts'
import { images } from './versions.ts'

const DOCKER_ANSWERS_WITHIN_MS = 10_000

/** Compose v2 is a plugin of `docker`; before it there was a program of its own. */
type Compose = [command: string, ...firstArguments: string[]]

/**
 * Whether the engines run in containers: where a Docker daemon answers and has, or can fetch, their images.
 *
 * @throws BadSetting when containers were asked for and cannot be had.
 */
export async function useContainers(choice: EnginesChoice, progress: Progress): Promise<boolean> {
  if (choice === 'native') return false
  const problem = await whyNoContainers(progress)
  if (!problem) return true
  if (choice === 'docker') throw new BadSetting(`ROLLCALL_ENGINES is docker, but ${problem}.`)
  progress.say(`The engines run natively: ${problem}.`)
  return false
}

async function whyNoContainers(progress: Progress): Promise<string | undefined> {
  if (!(await succeeds('docker', ['info']))) return 'no Docker daemon answers'
  const wanted = Object.values(images)
  const present = await Promise.all(wanted.map((image) => succeeds('docker', ['image', 'inspect', image])))
  const missing = wanted.filter((_image, index) => !present[index])
  if (missing.length === 0) return undefined
  const pull = () => Promise.all(missing.map((image) => runCommand({ command: 'docker', args: ['pull', '-q', image] })))
  return progress.step('fetching the images of the engines', pull).then(
    () => undefined,
    () => 'the Docker daemon cannot fetch their images',
  )
}

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

/** A daemon that does not answer at all, such as one behind a DOCKER_HOST that is away, is none. */
async function succeeds(command: string, args: string[]): Promise<boolean> {
  return runCommand({ command, args, timeoutMs: DOCKER_ANSWERS_WITHIN_MS }).then(
    () => true,
    () => false,
  )
}
