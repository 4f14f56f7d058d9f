import { execFile } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** Maven starts a Java to say its version, which takes seconds where other things start too. */
const ANSWER_WITHIN_MS = 30_000

/**
 * The version, `major.minor` or `major`, that a program says of itself; undefined where it says none.
 * Programs print other things as well, before it and behind it, decorated for people who may not be there; so it is what
 * follows the program's own name, wherever that stands.
 *
 * @param name what stands before the version, without the version itself
 */
export function versionIn(output: string, name: RegExp): string | undefined {
  const plain = stripVTControlCharacters(output)
  const version = new RegExp(`(?:${name.source})[^\\d\\n]{0,12}(\\d+(?:\\.\\d+)?)`, name.flags)
  return version.exec(plain)?.[1]
}

/**
 * What a program prints on both streams, whatever it thinks of the arguments: `nginx -v` answers on the error stream.
 * A program that hangs has said what it will say after 30 s.
 */
export async function outputOf(command: string, args: string[]): Promise<string> {
  // What decorates and translates is asked not to; that it is heard is not relied on.
  const environment = { ...process.env, LC_ALL: 'C', NO_COLOR: '1', TERM: 'dumb', GOTOOLCHAIN: 'local' }
  const options = { env: environment, cwd: '/', timeout: ANSWER_WITHIN_MS }
  return new Promise((resolve) => {
    execFile(command, args, options, (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`))
  })
}

/** Compares `major.minor` number by number; a bound without minor stands for all of that major version. */
export function compareVersions(version: string, bound: string): number {
  const [found, wanted] = [version.split('.').map(Number), bound.split('.').map(Number)]
  for (const [index, part] of wanted.entries()) {
    const difference = (found[index] ?? 0) - part
    if (difference !== 0) return difference
  }
  return 0
}
