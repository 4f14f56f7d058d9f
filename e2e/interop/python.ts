import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from '@rollcall/engines/cache'
import type { Progress } from '@rollcall/engines/progress'
import { runCommand } from '@rollcall/engines/run-command'
import { isRoot } from '@rollcall/engines/system-account'
import { ensureSystemPackages, findProgram, MissingPrograms, type SystemNeed } from '@rollcall/engines/system-packages'

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt')

const PYTHON: SystemNeed = {
  what: 'Python with its module venv',
  debianPackage: 'python3-venv',
  find: findPython,
  version: { args: ['--version'], name: /Python/, tested: ['3.10', '3'] },
}

/** Debian's `python3` alone cannot make environments: `ensurepip` comes with another package. */
function findPython(): string | undefined {
  const python = findProgram('python3')
  if (!python) return undefined
  return spawnSync(python, ['-c', 'import ensurepip, venv']).status === 0 ? python : undefined
}

/**
 * The foreign tools in a virtual environment of the user's cache; another set of versions is another environment.
 *
 * @returns the path of the environment's own `python`.
 * @throws MissingPrograms where there is no Python and nobody here may install it.
 */
export async function ensurePythonTools(progress: Progress): Promise<string> {
  if (!findPython() && !isRoot()) {
    throw new MissingPrograms('npm run interop needs Python: sudo apt-get install --no-install-recommends python3-venv')
  }
  await ensureSystemPackages([PYTHON], progress)
  const digest = createHash('sha256').update(await readFile(REQUIREMENTS))
  const folder = await cached(`interop-${digest.digest('hex').slice(0, 12)}`, (partial) =>
    progress.step('installing schemathesis, PyJWT and kafka-python from PyPI', () => install(partial)),
  )
  return join(folder, 'bin/python')
}

async function install(folder: string): Promise<void> {
  await runCommand({ command: findPython() ?? 'python3', args: ['-m', 'venv', folder] })
  // By `python -m`: scripts in an environment carry its first path, and the cache renames a folder that is complete.
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]
  await runCommand({ command: join(folder, 'bin/python'), args })
}
