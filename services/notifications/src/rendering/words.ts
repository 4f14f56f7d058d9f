import { join } from 'node:path'
import type { Role } from '@rollcall/contracts/roles'
import { findText, loadCatalogues } from '@rollcall/i18n/catalogues'

const words = loadCatalogues('words', join(import.meta.dirname, '../../locales'))

/** @throws {TypeError} for a word that no language has */
function wordOf(key: string, language: string): string {
  const found = findText(words, language, key)
  if (!found) throw new TypeError(`there is no word ${key}`)
  return found.text
}

/** What a role is called in somebody's language. */
export function roleName(role: Role, language: string): string {
  return wordOf(`role.${role}`, language)
}

/** What stands in a mail where nobody gave a reason. */
export function noReason(language: string): string {
  return wordOf('reason.none', language)
}
