import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fallbackChain, LOCALES, languages } from './languages.ts'

/** Texts by key. */
export type Catalogue = Record<string, string>

/** One catalogue (`problems`) in every language, read once. A language without the file has no texts of its own. */
export function loadCatalogues(name: string): Map<string, Catalogue> {
  return new Map(languages.map((language) => [language, readCatalogue(join(LOCALES, language, `${name}.json`))]))
}

function readCatalogue(file: string): Catalogue {
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
