import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Started } from '@rollcall/engines/engine'
import { launch } from '@rollcall/engines/launch'
import { ROOT } from '@rollcall/engines/workspace'
import { addressVariables } from '@rollcall/stack/addresses'
import { serviceEnvironment } from '@rollcall/stack/environments'
import { memoryEnvironment, nodeOptions } from '@rollcall/stack/service-command'
import { portNames, type ServiceName, serviceNames } from '@rollcall/stack/services'
import { addressesOf, type Stack } from '@rollcall/stack/stack'

/** The environment of a service, its migrations and its commands on this machine. What the newcomer sets wins. */
export function localEnvironment(stack: Stack, name: ServiceName): Record<string, string> {
  const { ports, environment } = stack.settings
  const described = serviceEnvironment(name, { addresses: addressesOf(stack, name), secrets: stack.secrets })
  const addresses = Object.entries(described).filter(([variable]) => addressVariables.includes(variable))
  return {
    ...memoryEnvironment,
    LOG_LEVEL: 'info',
    TRUSTED_PROXIES: '127.0.0.1',
    ...(name === 'users' ? { FIRST_USER_IS_ADMIN: 'true' } : {}),
    ...described,
    ...environment,
    // Whatever the newcomer's shell says: this is never production, and its parts find each other.
    NODE_ENV: 'development',
    PORT: String(ports[portNames(name).api]),
    INNER_PORT: String(ports[portNames(name).inner]),
    ...Object.fromEntries(addresses),
  }
}

/** Services whose folder is in the clone. */
export function presentServices(): ServiceName[] {
  return serviceNames.filter((name) => existsSync(join(ROOT, 'services', name, 'src/main.ts')))
}

export async function startServiceProcess(stack: Stack, name: ServiceName): Promise<Started> {
  return launch({
    name,
    command: process.execPath,
    args: [...nodeOptions, join(ROOT, 'services', name, 'src/main.ts')],
    environment: localEnvironment(stack, name),
    logFile: join(stack.folder, name, `${name}.log`),
    workingFolder: ROOT,
  })
}

/** One try; throws while the service is not ready. */
export async function serviceIsReady(stack: Stack, name: ServiceName): Promise<void> {
  const port = stack.settings.ports[portNames(name).inner]
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })
  if (!answer.ok) throw new Error(`${name} is not ready: ${await answer.text()}`)
}
