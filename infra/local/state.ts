import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isRoot } from '@rollcall/engines/system-account'
import { ROOT } from '@rollcall/engines/workspace'
import { completeSecrets, type Secrets } from '@rollcall/stack/secrets'

/** What one clone remembers between its starts. */
export const stateFolder = process.env['ROLLCALL_STATE'] || join(ROOT, '.rollcall')
export const runFile = join(stateFolder, 'run.json')
/** Left by the door of `npm start`, which may have packages to install before there is a run. */
export const doorFile = join(stateFolder, 'door.json')
export const endpointsFile = join(stateFolder, 'endpoints.json')
const secretsFile = join(stateFolder, 'secrets.json')

/** Made by the first start, kept until `npm run reset`; what newer code needs beside them is added. */
export function readOrCreateSecrets(): Secrets {
  const kept = readSecrets() ?? {}
  const secrets = completeSecrets(kept)
  if (isDeepStrictEqual(kept, secrets)) return secrets
  mkdirSync(stateFolder, { recursive: true })
  writeFileSync(secretsFile, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return secrets
}

/** As the last start has left them. */
export function readSecrets(): Secrets | undefined {
  try {
    return JSON.parse(readFileSync(secretsFile, 'utf8')) as Secrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Where the engines keep their data. PostgreSQL and nginx give up root's rights, and then cannot reach a clone under
 * /root: root's data is outside the clone, under a name that belongs to this clone's secrets.
 */
export function dataFolder({ stateId }: Secrets): string {
  return isRoot() ? join('/var/lib/rollcall', stateId) : join(stateFolder, 'data')
}
