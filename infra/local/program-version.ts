import { stripVTControlCharacters } from 'node:util'

/** A version as its numbers, `[3, 8, 7]` for 3.8.7. */
export type Version = number[]

/**
 * Finds a program's version in what it printed: the numbers right behind one of its `names`, at the beginning of a line.
 * Programs print more than they are asked for (colours, a launcher's notices, other versions), so no other number counts.
 *
 * @returns undefined where none of the names stands before a number.
 */
export function versionIn(printed: string, names: string[]): Version | undefined {
  const lines = stripVTControlCharacters(printed)
    .split(/[\r\n]+/)
    .map((line) => line.trimStart())
  for (const line of lines) {
    const name = names.find((it) => line.startsWith(it))
    const numbers = name === undefined ? null : /^\d+(?:\.\d+)*/.exec(line.slice(name.length))
    if (numbers) return parseVersion(numbers[0])
  }
  return undefined
}

/** @example parseVersion('1.24.8') // [1, 24, 8] */
export function parseVersion(text: string): Version {
  return text.split('.').map(Number)
}

/**
 * Negative, zero or positive, as `version` is older than, within or newer than `bound`. Only the numbers that the bound
 * has are compared: every 17.x is within `17`.
 */
export function compareVersions(version: Version, bound: Version): number {
  for (const [index, wanted] of bound.entries()) {
    const difference = (version[index] ?? 0) - wanted
    if (difference !== 0) return difference
  }
  return 0
}
