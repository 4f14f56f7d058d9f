import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ROOT } from '@rollcall/engines/workspace'
import { parse } from 'yaml'

export interface ComposeService {
  image?: string
  command?: string[]
  environment?: Record<string, string>
  env_file?: string
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  profiles?: string[]
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** docker-compose.yml as Compose reads it where nothing is set: every `${NAME:-default}` is its default. */
export function readCompose(): Record<string, ComposeService> {
  const { services } = parse(readText('docker-compose.yml'), { merge: true }) as { services: object }
  return withDefaults(services) as Record<string, ComposeService>
}

/** As Compose does, after the YAML is read: what stands for a setting is always a text. */
function withDefaults(node: unknown): unknown {
  if (typeof node === 'string') return node.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')
  if (Array.isArray(node)) return node.map(withDefaults)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, withDefaults(value)]))
}

/** All that a container of this service finds in its environment; what is empty counts as not set. */
export function environmentOf({ environment = {}, env_file }: ComposeService): Record<string, string> {
  const fromFile = env_file === undefined ? {} : parseEnv(readText(env_file))
  const all = { ...fromFile, ...environment } as Record<string, string>
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}
