import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { compareVersions, outputOf, versionIn } from './program-version.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { isRoot } from './system-account.ts'

/** A program that one of the system's packages brings. */
export interface SystemNeed {
  /** Shown when it is missing. */
  what: string
  /** Debian's name for the package. */
  debianPackage: string
  /** The program's path, or undefined while it is not there. */
  find(): string | undefined
  /** Missing for what has no version of its own. */
  version?: VersionNeed
}

interface VersionNeed {
  /** Makes the program print its version. */
  args: string[]
  /** How the program names itself before its version. */
  name: RegExp
  /** `major.minor` below which Rollcall does not work, and the newest that it has been tested with. `17` takes every 17.x. */
  tested: [lowest: string, highest: string]
}

export class MissingPrograms extends Error {
  override readonly name = 'MissingPrograms'
}

/** Looks where Debian puts programs for administrators too, which is not in everybody's PATH. */
export function findProgram(program: string, extraFolders: string[] = []): string | undefined {
  const folders = [...extraFolders, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/**
 * Sees that every program is there, and not too old. As root on Debian what is missing is installed. One that is newer than
 * tested, or whose version cannot be read, is used: a line says so, in case something goes wrong later.
 *
 * @throws MissingPrograms with one message that lists everything, and the line that installs it.
 */
export async function ensureSystemPackages(needs: SystemNeed[], progress: Progress): Promise<void> {
  const missing = needs.filter((need) => !need.find())
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((need) => need.debianPackage))]
    const canInstall = isRoot() && findProgram('apt-get') !== undefined
    if (!canInstall) throw new MissingPrograms(missingMessage(missing, packages))
    await progress.step(`installing ${packages.join(', ')} with apt, as root`, () => install(packages))
  }
  for (const need of needs) await checkVersion(need, progress)
}

function missingMessage(missing: SystemNeed[], packages: string[]): string {
  const list = missing.map(
    ({ what, version }) => `  - ${[what, ...(version ? [version.tested.join(' to ')] : [])].join(' ')}`,
  )
  const install = installLine(packages)
  return [
    'These programs are missing:',
    ...list,
    findProgram('apt-get') ? `Install them with: ${install}` : `On Debian 12 they come with: ${install}`,
    'Or start a Docker daemon, and the engines run in containers instead.',
  ].join('\n')
}

async function install(packages: string[]): Promise<void> {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await withoutServiceStarts(async () => {
    await runCommand({ command: 'apt-get', args: ['update', '-qq'], environment })
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
    await runCommand({ command: 'apt-get', args, environment })
  })
}

/** A package's own server must not start beside ours: Debian asks this file first, and 101 means "do not". */
async function withoutServiceStarts(work: () => Promise<void>): Promise<void> {
  const { writeFile, rm } = await import('node:fs/promises')
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    if (ours) await rm(policy, { force: true })
  }
}

function installLine(packages: string[]): string {
  return `sudo apt-get install --no-install-recommends ${packages.join(' ')}`
}

async function checkVersion({ what, debianPackage, find, version }: SystemNeed, progress: Progress): Promise<void> {
  const path = find()
  if (!path) throw new MissingPrograms(`the package ${debianPackage} is installed but brought no ${what}`)
  if (!version) return
  const [lowest, highest] = version.tested
  const found = versionIn(await outputOf(path, version.args), version.name)
  if (found === undefined) {
    return progress.say(
      `  ${path}: its version could not be read; Rollcall is tested with ${what} ${lowest} to ${highest}.`,
    )
  }
  if (compareVersions(found, lowest) < 0) {
    const remedy = `On Debian 12 a newer one comes with: ${installLine([debianPackage])}`
    throw new MissingPrograms(`${path} is ${what} ${found}; Rollcall needs ${lowest} or newer.\n${remedy}`)
  }
  if (compareVersions(found, highest) > 0) {
    progress.say(
      `  ${path} is ${what} ${found}, newer than Rollcall is tested with (${lowest} to ${highest}); it is used.`,
    )
  }
}
