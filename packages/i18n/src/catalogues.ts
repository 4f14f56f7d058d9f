import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_LANGUAGE, fallbackChain, LOCALES, languagesOf } from './languages.ts'

/** Texts by key. */
export type Catalogue = Record<string, string>

/**
 * One catalogue (`problems`) in every language, read once. A language without the file has no texts of its own; that of last
 * resort has it.
 *
 * @throws when a file holds no JSON, or the language of last resort lacks it
 */
export function loadCatalogues(name: string, folder: string = LOCALES): Map<string, Catalogue> {
  return new Map(languagesOf(folder).map((language) => [language, readCatalogue(folder, language, name)]))
}

function readCatalogue(folder: string, language: string, name: string): Catalogue {
  const file = join(folder, language, `${name}.json`)
  if (language !== DEFAULT_LANGUAGE && !existsSync(file)) return {}
  return JSON.parse(readFileSync(file, 'utf8'))
}

export interface Text {
  text: string
  /** Of the text, which is another than the one wanted where that one lacks it. */
  language: string
}

/** The text in the wanted language, or the next one that has it. */
export function findText(catalogues: Map<string, Catalogue>, wanted: string, key: string): Text | undefined {
  for (const language of fallbackChain(wanted)) {
    const text = catalogues.get(language)?.[key]
    if (text !== undefined) return { text, language }
  }
  return undefined
}
