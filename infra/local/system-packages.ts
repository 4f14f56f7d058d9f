import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
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
  /** Prints its version. */
  versionArgs: string[]
  /** `major.minor` that Rollcall is tested with, both included; a highest of `17` takes every 17.x. */
  versions: [lowest: string, highest: string]
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
 * Sees that every program is there, in a version that is known to work. As root on Debian what is missing is installed.
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
  for (const need of needs) await checkVersion(need)
}

function missingMessage(missing: SystemNeed[], packages: string[]): string {
  const list = missing.map((need) => `  - ${need.what} ${need.versions.join(' to ')}`)
  const install = `sudo apt-get install --no-install-recommends ${packages.join(' ')}`
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

async function checkVersion({ what, debianPackage, find, versionArgs, versions }: SystemNeed): Promise<void> {
  const path = find()
  if (!path) throw new MissingPrograms(`the package ${debianPackage} is installed but brought no ${what}`)
  const { stdout, stderr } = await versionOutput(path, versionArgs)
  const found = /(\d+(?:\.\d+)?)/.exec(stdout || stderr)?.[1] ?? 'unknown'
  if (isWithin(found, versions)) return
  throw new MissingPrograms(`${path} is ${what} ${found}; Rollcall is tested with ${versions.join(' to ')}`)
}

/** Compares `major.minor` number by number; a bound without minor stands for all of that major version. */
export function isWithin(version: string, [lowest, highest]: [lowest: string, highest: string]): boolean {
  return compare(version, lowest) >= 0 && compare(version, highest) <= 0
}

function compare(version: string, bound: string): number {
  const [found, wanted] = [version.split('.').map(Number), bound.split('.').map(Number)]
  for (const [index, part] of wanted.entries()) {
    const difference = (found[index] ?? Number.NaN) - part
    if (difference !== 0) return difference
  }
  return 0
}

async function versionOutput(command: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { execFile } = await import('node:child_process')
  return new Promise((resolve) => {
    // `nginx -v` and `java -version` answer on the error stream.
    execFile(command, args, (_error, stdout, stderr) => resolve({ stdout, stderr }))
  })
}
