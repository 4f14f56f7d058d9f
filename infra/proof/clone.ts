import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { cacheFolder } from '@rollcall/engines/cache'
import { freePort } from '@rollcall/engines/ports'
import { runCommand } from '@rollcall/engines/run-command'
import type { Account } from '@rollcall/engines/system-account'
import { ROOT } from '@rollcall/engines/workspace'
import { PORTS } from '@rollcall/stack/settings'
import { normalUser, ourselves } from './account.ts'
import type { ProofCase } from './cases.ts'

export interface Clone {
  folder: string
  environment: Record<string, string>
  account: Account | undefined
  remove(): Promise<void>
}

/** What is committed, in a folder of its own, with free ports in its `.env` and the environment of the case. */
export async function prepareClone({ name, folder = 'clone', ...wanted }: ProofCase): Promise<Clone> {
  const place = await mkdtemp(join(tmpdir(), `rollcall-proof-${name}-`))
  // Other accounts have to get through, the database's among them.
  await chmod(place, 0o755)
  const home = join(place, 'home')
  await mkdir(home)
  const person = await (wanted.normalUser ? normalUser(home) : ourselves())
  const clone = join(place, folder)
  await runCommand({ command: 'git', args: ['clone', '--quiet', '--no-hardlinks', ROOT, clone] })
  await writeFile(join(clone, '.env'), await portSettings())
  const ownHome = wanted.emptyCache || person.account !== undefined
  if (ownHome && !wanted.emptyCache) await copyCache(home)
  if (person.account) {
    const { uid, gid } = person.account
    await runCommand({ command: 'chown', args: ['-R', `${uid}:${gid}`, home, clone] })
  }
  return {
    folder: clone,
    environment: { PATH: pathOfNewcomer(), HOME: ownHome ? home : homedir(), ...wanted.environment },
    account: person.account,
    async remove() {
      await person.remove()
      // Go's modules are read-only.
      await runCommand({ command: 'chmod', args: ['-R', 'u+w', place] })
      await rm(place, { recursive: true, force: true })
    },
  }
}

async function portSettings(): Promise<string> {
  const lines = await Promise.all(Object.keys(PORTS).map(async (name) => `${name}=${await freePort()}\n`))
  return lines.join('')
}

/** Without this workspace's own programs. */
function pathOfNewcomer(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.filter((folder) => !folder.includes('node_modules')).join(delimiter)
}

async function copyCache(home: string): Promise<void> {
  if (!existsSync(cacheFolder())) return
  await mkdir(join(home, '.cache'))
  await runCommand({ command: 'cp', args: ['-r', cacheFolder(), join(home, '.cache/rollcall')] })
  await rm(join(home, '.cache/rollcall/test-runs'), { recursive: true, force: true })
}
