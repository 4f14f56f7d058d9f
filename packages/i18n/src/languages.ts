import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export const LOCALES = join(import.meta.dirname, '../locales')

/** The language of last resort: every catalogue is complete in it. */
export const DEFAULT_LANGUAGE = 'en'

/** Every language that has a folder; adding one is adding a folder. The language of last resort is the first. */
export function languagesOf(folder: string): string[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = folders.map(({ name }) => name).filter((name) => name !== DEFAULT_LANGUAGE)
  return [DEFAULT_LANGUAGE, ...names.sort()]
}

export const languages: readonly string[] = languagesOf(LOCALES)

/**
 * The supported language closest to a tag (RFC 4647, lookup): `de-AT` falls back to `de`; undefined when none is near.
 */
export function lookupLanguage(tag: string): string | undefined {
  const wanted = tag.trim().toLowerCase()
  for (let range = wanted; range !== ''; range = range.slice(0, Math.max(0, range.lastIndexOf('-')))) {
    const found = languages.find((language) => language.toLowerCase() === range)
    if (found) return found
  }
  return undefined
}

/** A language and those to try after it, for catalogues that may lack an entry: `['de', 'en']`. */
export function fallbackChain(language: string): string[] {
  return [...new Set([lookupLanguage(language) ?? DEFAULT_LANGUAGE, DEFAULT_LANGUAGE])]
}
