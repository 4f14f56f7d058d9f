import { join } from 'node:path'
import { findText, loadCatalogues } from '@rollcall/i18n/catalogues'

const texts = loadCatalogues('pages', join(import.meta.dirname, '../../locales'))

/** Texts of pages in a reader's language, or the next one that has them. @throws {TypeError} for a text that no language has */
export function pageTexts(language: string): (key: string) => string {
  return (key) => {
    const found = findText(texts, language, key)
    if (!found) throw new TypeError(`there is no text ${key}`)
    return found.text
  }
}

interface Span {
  startAt: Date
  endAt: Date
  timeZone: string
}

/** From when to when, in words of the event's zone, which is named: `Friday, 7 May 2027 at 18:00 – 22:00 CEST`. */
export function spanText({ startAt, endAt, timeZone }: Span, language: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).formatRange(startAt, endAt)
}
