import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Engine, Place } from './engine.ts'
import { launch } from './launch.ts'
import { programNames } from './program-names.ts'
import { runCommand } from './run-command.ts'
import { type Account, accountNamed, isRoot } from './system-account.ts'
import { findProgram } from './system-packages.ts'
import { images } from './versions.ts'

const DEBIAN_FOLDER = '/usr/lib/postgresql'
const LOWEST = '15'
const NEWEST_TESTED = '17'

const program = (name: string) => findProgram(name, debianFolders())

/** Debian keeps each version's programs in a folder of its own: those that are tested first, then newer ones. */
function debianFolders(): string[] {
  const installed = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).map(Number) : []
  const usable = installed.filter((version) => version >= Number(LOWEST)).sort((one, other) => other - one)
  const isTested = (version: number) => version <= Number(NEWEST_TESTED)
  const inOrder = [...usable.filter(isTested), ...usable.filter((version) => !isTested(version))]
  return inOrder.map((version) => join(DEBIAN_FOLDER, String(version), 'bin'))
}

export const postgres: Engine = {
  name: 'postgres',
  needs: () => [
    {
      what: 'PostgreSQL',
      debianPackage: 'postgresql-15',
      find: () => program('postgres'),
      version: { args: ['--version'], name: programNames.postgres, tested: [LOWEST, NEWEST_TESTED] },
    },
  ],
  ensure: async () => {},

  async start(place) {
    const account = serverAccount()
    const data = join(place.folder, 'data')
    if (!existsSync(join(data, 'PG_VERSION'))) await initialise({ ...place, data, account })
    // Left by a server that was killed; its process id may belong to somebody else by now.
    await rm(join(data, 'postmaster.pid'), { force: true })
    return launch({
      name: 'postgres',
      command: program('postgres') as string,
      args: ['-D', data, ...whereabouts(place), ...settings(place)],
      logFile: join(place.folder, 'postgres.log'),
      workingFolder: place.folder,
      account,
      // "Fast": ends open sessions instead of waiting for them.
      stopSignal: 'SIGINT',
      stopWithinMs: 10_000,
    })
  },

  async ready({ port, credentials: { user, password } }) {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' })
    try {
      await client.connect()
      await client.query('select 1')
    } finally {
      await client.end().catch(() => {})
    }
  },

  container: (place) => ({
    image: images.postgres,
    port: 5432,
    environment: {
      POSTGRES_USER: place.credentials.user,
      POSTGRES_PASSWORD: place.credentials.password,
      POSTGRES_DB: 'postgres',
    },
    command: ['postgres', ...settings(place)],
  }),
}

/** PostgreSQL refuses root. */
function serverAccount(): Account | undefined {
  return isRoot() ? accountNamed('postgres') : undefined
}

/** The same natively and in a container. */
function settings({ durable }: Place): string[] {
  const always = ['max_connections=300', 'log_timezone=UTC', 'timezone=UTC']
  const given = durable ? always : [...always, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return given.flatMap((setting) => ['-c', setting])
}

function whereabouts({ port, folder }: Place): string[] {
  const given = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  return given.flatMap((setting) => ['-c', setting])
}

async function initialise({
  folder,
  data,
  account,
  credentials,
}: Place & { data: string; account?: Account | undefined }) {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  if (account) await chown(folder, account.uid, account.gid)
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, credentials.password, { mode: 0o600 })
  if (account) await chown(passwordFile, account.uid, account.gid)
  // An interrupted initialisation leaves a folder that initdb refuses.
  await rm(data, { recursive: true, force: true })
  const options = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--no-sync', '--no-instructions']
  const args = ['-D', data, '-U', credentials.user, `--pwfile=${passwordFile}`, ...options]
  await runCommand({ command: program('initdb') as string, args, workingFolder: folder, account })
  await rm(passwordFile)
}
