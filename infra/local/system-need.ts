import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

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
  /** What stands right before the version in what it prints, at the beginning of a line; any one of them. */
  names: string[]
  /** Lowest that works, and newest that Rollcall is tested with; a newest of `17` takes every 17.x. */
  versions: [lowest: string, newest: string]
}

export class MissingPrograms extends Error {
  override readonly name = 'MissingPrograms'
}

/** Looks where Debian puts programs for administrators too, which is not in everybody's PATH. */
export function findProgram(program: string, extraFolders: string[] = []): string | undefined {
  const folders = [...extraFolders, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/** The line that helps, as anybody may copy it. */
export function installLine(packages: string[]): string {
  const install = `sudo apt-get install --no-install-recommends ${packages.join(' ')}`
  return findProgram('apt-get') ? `Install them with: ${install}` : `On Debian 12 they come with: ${install}`
}
