import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gateway } from '@rollcall/engines/gateway'
import { ROOT } from '@rollcall/engines/workspace'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { environmentOf, readCompose, readText } from './compose-file.ts'
import { memoryEnvironment, nodeOptions } from './service-command.ts'
import { preparations, serviceNames } from './services.ts'
import { PORTS } from './settings.ts'

interface Workflow {
  jobs: Record<string, { strategy?: { matrix?: Record<string, string> }; steps: { id?: string; run?: string }[] }>
}

const workflow = parse(readText('.github/workflows/ci.yml')) as Workflow

it('builds an image of every service in CI', () => {
  expect(workflow.jobs['images']?.strategy?.matrix?.['service']).toMatch(/fromJSON\(needs\.services\.outputs\.names\)/)
  const command = workflow.jobs['services']?.steps.find(({ id }) => id === 'list')?.run ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-outputs-'))
  const GITHUB_OUTPUT = join(folder, 'output')
  execFileSync('sh', ['-c', command], { cwd: ROOT, env: { ...process.env, GITHUB_OUTPUT } })
  const [, names = ''] = readFileSync(GITHUB_OUTPUT, 'utf8').split('names=')
  rmSync(folder, { recursive: true })
  expect(JSON.parse(names).sort()).toEqual(serviceNames.toSorted())
})

it('installs what the gateway needs in CI, where the engines are containers', () => {
  const engine = gateway({ services: {}, mailboxUrl: '', corsOrigins: [] })
  const commands = workflow.jobs['tests']?.steps.map(({ run = '' }) => run).join('\n') ?? ''
  for (const { debianPackage } of engine.needs()) expect(commands).toMatch(new RegExp(`\\s${debianPackage}(\\s|$)`))
})

it.each(Object.entries(PORTS))('shows the default of %s in .env.example', (name, port) => {
  expect(readText('.env.example')).toContain(`# ${name}=${port}\n`)
})

it('shows every setting of docker-compose.yml in .env.example', () => {
  const names = [...readText('docker-compose.yml').matchAll(/\$\{([A-Z_]+):-/g)].map(([, name]) => name as string)
  const example = readText('.env.example')
  // Tools that a developer starts by name, and what everything reads.
  const others = new Set(['NAME', 'NODE_ENV', 'PGADMIN_EMAIL', 'PGADMIN_PASSWORD', 'PGADMIN_PORT', 'KAFKA_UI_PORT'])
  expect([...new Set(names)].filter((name) => !others.has(name) && !example.includes(`# ${name}=`))).toEqual([])
})

it('leads the gateway to the services that compose runs, each by its name', () => {
  const ports = serviceNames.map((name) => environmentOf(readCompose()[name] ?? {})['PORT'])
  const [port] = new Set(ports)
  expect(ports).toEqual(serviceNames.map(() => port))
  // Quoted, or Docker itself would fill in what nginx is to fill in.
  expect(readText('infra/gateway/Dockerfile')).toContain(` GATEWAY_UPSTREAMS='default "$gateway_service:${port}";' `)
})

it.each(serviceNames)('leads the gateway to %s by some path', (name) => {
  expect(readText('infra/gateway/gateway.conf.template')).toMatch(new RegExp(`^  "~\\^/.*"\\s+${name};$`, 'm'))
})

it('starts a service in its image as elsewhere', () => {
  const image = readText('Dockerfile')
  expect(image).toContain(`CMD ${JSON.stringify(['node', ...nodeOptions, 'src/main.ts']).replaceAll(',', ', ')}\n`)
  for (const [name, value] of Object.entries(memoryEnvironment)) expect(image).toContain(` ${name}=${value}\n`)
})

it('names scripts that are there', () => {
  const { migrations, topics, buckets } = preparations
  const missing = [topics, buckets, ...serviceNames.map(migrations)].filter((path) => !existsSync(join(ROOT, path)))
  expect(missing).toEqual([])
})
