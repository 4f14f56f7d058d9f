import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findText, loadCatalogues } from './catalogues.ts'
import { fallbackChain, languages, languagesOf, lookupLanguage } from './languages.ts'
import { negotiateLanguage } from './negotiate.ts'
import { problemTitle } from './problem-titles.ts'

it('has the same codes in every language', () => {
  const [first, ...others] = [...loadCatalogues('problems').values()].map((titles) => Object.keys(titles).sort())
  for (const codes of others) expect(codes).toEqual(first)
})

it('falls back from a region to its language and then to English', () => {
  expect(lookupLanguage('de-AT-1996')).toBe('de')
  expect(lookupLanguage('DE')).toBe('de')
  expect(lookupLanguage('tlh')).toBeUndefined()
  expect(fallbackChain('de-CH')).toEqual(['de', 'en'])
  expect(fallbackChain('tlh')).toEqual(['en'])
})

it('prefers the query, then the profile, then the header', () => {
  expect(negotiateLanguage({ query: 'de', profile: 'en', acceptLanguage: 'en' })).toBe('de')
  expect(negotiateLanguage({ query: 'xx', profile: 'de', acceptLanguage: 'en' })).toBe('de')
  expect(negotiateLanguage({ acceptLanguage: 'fr-CH, de;q=0.7, en;q=0.8' })).toBe('en')
  expect(negotiateLanguage({ acceptLanguage: 'en;q=0, de;q=0.1' })).toBe('de')
  expect(negotiateLanguage({})).toBe('en')
})

it.each([
  ['de-AT', 'de'],
  ['de-AT, en;q=0.9', 'de'],
  ['fr, de', 'de'],
  ['en;q=0.4, de;q=0.5', 'de'],
  ['de;q=0.5, en;q=0.5', 'de'],
  ['de, en', 'de'],
  ['en, de', 'en'],
  ['DE-CH-1996', 'de'],
  ['den', 'en'],
  ['*', 'en'],
  ['fr, *;q=0.1, de;q=0.2', 'de'],
  ['de;q=0', 'en'],
  ['de;q=x, en', 'en'],
  [', ,;;,de', 'de'],
  ['de\u0000, de', 'de'],
])('reads the header %j as a wish for %s', (acceptLanguage, language) => {
  expect(negotiateLanguage({ acceptLanguage })).toBe(language)
})

it.each(['', ';;;', '*', 'de;q=x', 'a'.repeat(5000), ','.repeat(5000), 'de;q="', '\ud800'])(
  'survives the header %j',
  (acceptLanguage) => {
    expect(languages).toContain(negotiateLanguage({ acceptLanguage }))
  },
)

it('gives a problem title and says in which language it is', () => {
  expect(problemTitle('EventFull', 'de-CH, en;q=0.5')).toEqual({
    title: 'Die Veranstaltung ist ausgebucht',
    language: 'de',
  })
  expect(problemTitle('EventFull', undefined).language).toBe('en')
  expect(problemTitle('NoSuchCode', 'de').title).toBe('NoSuchCode')
})

it('starts with a language that has no file of a catalogue: its texts are those of the next one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-locales-'))
  for (const language of ['en', 'de', 'xx']) mkdirSync(join(folder, language))
  writeFileSync(join(folder, 'README.md'), 'no language')
  writeFileSync(join(folder, 'en/problems.json'), '{"NotFound":"Not found"}')
  expect(languagesOf(folder)).toEqual(['en', 'de', 'xx'])
  const catalogues = loadCatalogues('problems', folder)
  expect(findText(catalogues, 'de', 'NotFound')).toEqual({ text: 'Not found', language: 'en' })

  writeFileSync(join(folder, 'xx/problems.json'), '{"NotFound": oops')
  expect(() => loadCatalogues('problems', folder)).toThrow(SyntaxError)
  rmSync(join(folder, 'en/problems.json'))
  expect(() => loadCatalogues('problems', folder)).toThrow('ENOENT')
  rmSync(folder, { recursive: true })
})

it('takes a text from the next language when one lacks it', () => {
  const catalogues = new Map([
    ['en', { greeting: 'Hello' }],
    ['de', {}],
  ])
  expect(findText(catalogues, 'de', 'greeting')).toEqual({ text: 'Hello', language: 'en' })
})
