import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gateway } from '@rollcall/engines/gateway'
import { ROOT } from '@rollcall/engines/workspace'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { environmentOf, readCompose, readText } from './compose-file.ts'
import { preparations, serviceNames } from './services.ts'
import { PORTS } from './settings.ts'

interface Workflow {
  jobs: Record<string, { strategy?: { matrix?: Record<string, string[]> }; steps: { run?: string }[] }>
}

const workflow = parse(readText('.github/workflows/ci.yml')) as Workflow

it('builds an image of every service in CI', () => {
  expect(workflow.jobs['images']?.strategy?.matrix?.['service']).toEqual([...serviceNames])
})

it('installs what the gateway needs in CI, where the engines are containers', () => {
  const engine = gateway({ users: '', events: '', notifications: '', mailboxUrl: '', corsOrigins: [] })
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

it('leads the gateway to the services that compose runs', () => {
  const dockerfile = readText('infra/gateway/Dockerfile')
  for (const name of serviceNames) {
    const { PORT } = environmentOf(readCompose()[name] ?? {})
    expect(dockerfile).toContain(`GATEWAY_${name.toUpperCase()}=${name}:${PORT}`)
  }
})

it('names scripts that are there', () => {
  const { migrations, topics, buckets } = preparations
  const missing = [topics, buckets, ...serviceNames.map(migrations)].filter((path) => !existsSync(join(ROOT, path)))
  expect(missing).toEqual([])
})
