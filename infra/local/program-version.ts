import { execFile } from 'node:child_process'

/** Control sequences of terminals: colours and styles (CSI), titles and links (OSC), and single escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that they are made of
const DECORATION = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

export function withoutDecoration(text: string): string {
  return text.replace(DECORATION, '')
}

/**
 * The version, `major.minor` or `major`, that a program says of itself; undefined where it says none.
 * Programs print other things as well, before it and behind it, decorated for people who may not be there; so it is what
 * follows the program's own name, wherever that stands.
 *
 * @param name what stands before the version, without the version itself
 */
export function versionIn(output: string, name: RegExp): string | undefined {
  const plain = withoutDecoration(output)
  const version = new RegExp(`(?:${name.source})[^\\d\\n]{0,12}(\\d+(?:\\.\\d+)?)`, name.flags)
  return version.exec(plain)?.[1]
}

/** What a program prints on both streams, whatever it thinks of the arguments: `nginx -v` answers on the error stream. */
export async function outputOf(command: string, args: string[]): Promise<string> {
  // What decorates and translates is asked not to; that it is heard is not relied on.
  const environment = { ...process.env, LC_ALL: 'C', NO_COLOR: '1', TERM: 'dumb' }
  return new Promise((resolve) => {
    execFile(command, args, { env: environment }, (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`))
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
