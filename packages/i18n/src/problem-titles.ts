import { findText, loadCatalogues } from './catalogues.ts'
import { DEFAULT_LANGUAGE } from './languages.ts'
import { negotiateLanguage } from './negotiate.ts'

const titles = loadCatalogues('problems')

/** A problem's title by its code, in the language that the caller prefers. A code without a title is its own title. */
export function problemTitle(code: string, acceptLanguage: string | undefined): { title: string; language: string } {
  const found = findText(titles, negotiateLanguage({ acceptLanguage }), code)
  return found ? { title: found.text, language: found.language } : { title: code, language: DEFAULT_LANGUAGE }
}
