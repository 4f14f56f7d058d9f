import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cruise } from './cruise.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-boundaries-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A workspace of its own with these files; every folder below `packages` and `services` gets a package.json. */
function plant(files: Record<string, string>): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(root, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    const [group, name] = file.split('/')
    writeFileSync(join(root, group as string, name as string, 'package.json'), JSON.stringify({ name }))
  }
}

it('accepts a service that uses a package by its name', async () => {
  plant({
    'packages/outbox/src/relay.ts': 'export const relay = 1\n',
    'services/events/src/app.ts': "import { relay } from 'outbox/src/relay.ts'\nexport const app = relay\n",
  })
  mkdirSync(join(root, 'services/events/node_modules'))
  symlinkSync(join(root, 'packages/outbox'), join(root, 'services/events/node_modules/outbox'))
  expect(await cruise(root)).toEqual({ complaints: '', seen: 2, expected: 2 })
})

it('finds a service that imports another service', async () => {
  plant({
    'services/users/src/app.ts': 'export const users = 1\n',
    'services/events/src/app.ts': "import { users } from '../../users/src/app.ts'\nexport const app = users\n",
  })
  const { complaints } = await cruise(root)
  expect(complaints).toContain('services-never-import-each-other: services/events/src/app.ts')
})

it('finds a package that imports a service, even for a type alone', async () => {
  plant({
    'services/users/src/app.ts': 'export interface Users { id: string }\n',
    'packages/http/src/app.ts':
      "import type { Users } from '../../../services/users/src/app.ts'\nexport type App = Users\n",
  })
  expect((await cruise(root)).complaints).toContain('packages-import-no-service')
})

it('finds an import that nothing declares', async () => {
  plant({ 'packages/http/src/app.ts': "import nothing from 'not-declared'\nexport const app = nothing\n" })
  expect((await cruise(root)).complaints).toContain('only-what-can-be-resolved')
})

it('finds modules that import each other', async () => {
  plant({
    'packages/http/src/one.ts': "import { other } from './other.ts'\nexport const one = () => other\n",
    'packages/http/src/other.ts': "import { one } from './one.ts'\nexport const other = () => one\n",
  })
  expect((await cruise(root)).complaints).toContain('no-cycles')
})

it('finds a room of a service that imports one above it, and lets the other way pass', async () => {
  plant({
    'services/events/src/events/event.ts':
      "import { seat } from '../registrations/seat.ts'\nexport const event = seat\n",
    'services/events/src/registrations/seat.ts': 'export const seat = 1\n',
    'services/events/src/tickets/ticket.ts':
      "import { seat } from '../registrations/seat.ts'\nexport const ticket = seat\n",
  })
  const { complaints } = await cruise(root)
  expect(complaints).toContain('events-events-imports-downward: services/events/src/events/event.ts')
  expect(complaints).not.toContain('tickets')
})

it.each([
  ['engines-know-no-stack', 'infra/engines/kafka.ts', 'infra/stack/services.ts'],
  ['stack-knows-no-command', 'infra/stack/services.ts', 'infra/local/start.ts'],
  ['local-start-needs-no-test-apparatus', 'infra/local/start.ts', 'infra/test-stack/engines.ts'],
  ['test-apparatus-needs-no-engines', 'packages/testing/src/sink.ts', 'infra/engines/ports.ts'],
])('finds what breaks %s: %s that imports %s', async (rule, from, to) => {
  const path = `${'../'.repeat(from.split('/').length - 1)}${to}`
  plant({ [to]: 'export const it = 1\n', [from]: `import { it } from '${path}'\nexport const other = it\n` })
  expect((await cruise(root)).complaints).toContain(`${rule}: ${from} -> ${to}`)
})

it('finds a use case that writes messages itself, beside the one write path of its aggregate', async () => {
  const append = "import { append } from 'outbox/src/append.ts'\nexport const write = append\n"
  plant({
    'packages/outbox/src/append.ts': 'export const append = 1\n',
    'services/users/src/accounts/change-user.ts': append,
    'services/users/src/roles/change-role.ts': append,
  })
  mkdirSync(join(root, 'services/users/node_modules'))
  symlinkSync(join(root, 'packages/outbox'), join(root, 'services/users/node_modules/outbox'))
  const { complaints } = await cruise(root)
  expect(complaints).toContain('messages-leave-by-write-paths: services/users/src/roles/change-role.ts')
  expect(complaints).not.toContain('change-user')
})
