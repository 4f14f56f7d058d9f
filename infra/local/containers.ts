import { join } from 'node:path'
import type { Engine } from './engines/engine.ts'
import { launch } from './launch.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { BadSetting, type EnginesChoice, ROOT } from './settings.ts'
import { engineParts, MINIO_USER, type Part, POSTGRES_USER, type Stack } from './stack.ts'

const SERVICES = ['postgres', 'redis', 'kafka', 'minio']

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
  const compose = await findCompose()
  if (!compose) return 'there is no docker compose'
  const images = (await runCommand(composeCommand(compose, ['config']))).matchAll(/^ +image: (\S+)$/gm)
  const ours = [...images].map(([, image]) => image as string).filter((image) => isEngineImage(image))
  const present = await Promise.all(ours.map((image) => succeeds('docker', ['image', 'inspect', image])))
  if (present.every(Boolean)) return undefined
  const pull = () => runCommand(composeCommand(compose, ['pull', '--quiet', ...SERVICES]))
  return progress.step('fetching the images of the engines', pull).then(
    () => undefined,
    () => 'the Docker daemon cannot fetch their images',
  )
}

function isEngineImage(image: string): boolean {
  return /^(postgres|redis|apache\/kafka|minio\/minio):/.test(image)
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

async function succeeds(command: string, args: string[]): Promise<boolean> {
  return runCommand({ command, args }).then(
    () => true,
    () => false,
  )
}
