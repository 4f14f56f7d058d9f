import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ROOT } from '@rollcall/engines/workspace'
import { portNames, type ServiceName, serviceNames, services } from './services.ts'

/** Where the engines and the gateway listen. */
const ENGINE_PORTS = {
  GATEWAY_PORT: 8080,
  MAILBOX_PORT: 8025,
  SMTP_PORT: 1025,
  POSTGRES_PORT: 15432,
  REDIS_PORT: 16379,
  KAFKA_PORT: 19092,
  MINIO_PORT: 19000,
} as const

export type PortName =
  | keyof typeof ENGINE_PORTS
  | `${Uppercase<ServiceName>}_PORT`
  | `${Uppercase<ServiceName>}_INNER_PORT`

/** Each port is a setting: an environment variable, or a line in `.env`. */
export const PORTS: Readonly<Record<PortName, number>> = {
  ...ENGINE_PORTS,
  ...(Object.fromEntries(
    serviceNames.flatMap((name) => {
      const { api, inner } = portNames(name)
      return [
        [api, services[name].ports.api],
        [inner, services[name].ports.inner],
      ]
    }),
  ) as Record<Exclude<PortName, keyof typeof ENGINE_PORTS>, number>),
}

export type EnginesChoice = 'native' | 'docker' | 'automatic'

export interface Settings {
  ports: Record<PortName, number>
  engines: EnginesChoice
  /** Everything else that was set, handed to the services as it is. */
  environment: Record<string, string>
}

/** A setting that cannot be used; its message is the whole answer, without a stack. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting'
}

/** Environment variables win over `.env`. @throws BadSetting with all problems at once. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env, file = join(ROOT, '.env')): Settings {
  const all = { ...readEnvFile(file), ...environment } as Record<string, string>
  const problems: string[] = []
  const ports: Record<PortName, number> = { ...PORTS }
  for (const name of Object.keys(PORTS) as PortName[]) {
    const value = all[name]
    if (value === undefined || value === '') continue
    ports[name] = Number(value)
    if (!isPort(ports[name])) problems.push(`${name} is "${value}"; it has to be a port from 1 to 65535`)
  }
  for (const [name, twin] of findTwins(ports)) problems.push(`${name} and ${twin} are both ${ports[name]}`)
  const engines = all['ROLLCALL_ENGINES'] || 'automatic'
  if (!isEnginesChoice(engines)) problems.push(`ROLLCALL_ENGINES is "${engines}"; it is "native" or "docker"`)
  if (problems.length > 0) throw new BadSetting(problems.join('\n'))
  return { ports, engines: engines as EnginesChoice, environment: all }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}

function isEnginesChoice(value: string): value is EnginesChoice {
  return value === 'native' || value === 'docker' || value === 'automatic'
}

function findTwins(ports: Record<PortName, number>): [PortName, PortName][] {
  const names = Object.keys(ports) as PortName[]
  return names.flatMap((name, index) => {
    const twin = names.slice(index + 1).find((other) => ports[other] === ports[name])
    return twin ? [[name, twin] as [PortName, PortName]] : []
  })
}

function readEnvFile(file: string): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
