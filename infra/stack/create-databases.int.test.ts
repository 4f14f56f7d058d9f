import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '@rollcall/engines/workspace'
import type {} from '@rollcall/testing/engines'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type ServiceName, serviceNames } from './services.ts'

const run = promisify(execFile)
const { hostname, port, username, password } = new URL(inject('engines').postgres)
const administrator = { PGHOST: hostname, PGPORT: port, PGPASSWORD: password, POSTGRES_USER: username }
/** With what an unquoted password would end. */
const passwordOf = (name: ServiceName) => `it's "${name}"; \\ $PATH`

beforeAll(async () => {
  const passwords = serviceNames.map((name) => [`${name.toUpperCase()}_DATABASE_PASSWORD`, passwordOf(name)])
  const env = { ...process.env, ...administrator, ...Object.fromEntries(passwords) }
  await run('sh', [join(ROOT, 'infra/postgres/create-databases.sh')], { env })
})

afterAll(async () => {
  for (const name of serviceNames) {
    for (const statement of [`drop database if exists ${name}`, `drop role if exists ${name}`]) {
      await ask({ user: username, database: 'postgres', password }, statement)
    }
  }
})

/** One statement by a connection of its own. */
async function ask(as: { user: string; database: string; password: string }, statement: string): Promise<string> {
  const env = { ...process.env, ...administrator, PGPASSWORD: as.password }
  const { stdout } = await run('psql', ['-U', as.user, '-d', as.database, '-Atc', statement], { env })
  return stdout.trim()
}

it.each(serviceNames)('gives %s a database that opens with its own password, and no other', async (name) => {
  const own = { user: name, database: name, password: passwordOf(name) }
  expect(await ask(own, 'select current_user')).toBe(name)
  const other = serviceNames.find((it) => it !== name) as ServiceName
  await expect(ask({ ...own, password: passwordOf(other) }, 'select 1')).rejects.toThrow('authentication failed')
  await expect(ask({ ...own, database: other }, 'select 1')).rejects.toThrow('permission denied for database')
})
