import { loadCatalogues } from '@rollcall/i18n/catalogues'
import { languages } from '@rollcall/i18n/languages'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { expect, it } from 'vitest'
import { DomainError } from './errors.ts'
import { toDomainError } from './problem.ts'
import { problemCodes, problemType } from './problems.ts'

it.each(languages)('has a title for every code, and none beside, in %s', (language) => {
  const titles = loadCatalogues('problems').get(language) ?? {}
  expect(Object.keys(titles).sort()).toEqual([...problemCodes].sort())
  expect(Object.values(titles).filter((title) => title.trim() === '')).toEqual([])
})

it('names a problem’s type after its code', () => {
  expect(problemType('EmailTaken')).toBe('urn:rollcall:problem:email-taken')
})

it('says nothing about a fault of our own', () => {
  const refusal = toDomainError(new TypeError('cannot read /srv/secret.ts'))
  expect(refusal).toMatchObject({ code: 'Internal', status: 500 })
  expect(refusal.message).not.toContain('secret')
})

it.each([
  ['an engine that is away', new EngineAway('PostgreSQL')],
  ['what comes from one', new Error('no picture', { cause: new EngineAway('MinIO') })],
])('asks to come back for %s', (_, error) => {
  const refusal = toDomainError(error)
  expect(refusal).toMatchObject({ code: 'Unavailable', status: 503, extras: { headers: { 'retry-after': '2' } } })
})

it('leaves a refusal as it is', () => {
  const refusal = new DomainError('EventFull', 'every seat is taken')
  expect(toDomainError(refusal)).toBe(refusal)
})
