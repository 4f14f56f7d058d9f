import { existsSync } from 'node:fs'
import { checkVersions } from './check-versions.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { isRoot } from './system-account.ts'
import { findProgram, installLine, MissingPrograms, type SystemNeed } from './system-need.ts'

/**
 * Sees that every program is there and not too old. As root on Debian what is missing is installed. A version that is
 * newer than tested, or that cannot be read, is told and used: it mostly works, and a refusal never does.
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
  await checkVersions(needs, progress)
}

function missingMessage(missing: SystemNeed[], packages: string[]): string {
  const list = missing.map((need) => `  - ${need.what} ${need.versions[0]} or newer`)
  return [
    'These programs are missing:',
    ...list,
    installLine(packages),
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
