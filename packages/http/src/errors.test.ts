import { loadCatalogues } from '@rollcall/i18n/catalogues'
import { languages } from '@rollcall/i18n/languages'
import { expect, it } from 'vitest'
import { DomainError, problemKinds } from './errors.ts'
import { problemType, toDomainError } from './problem.ts'

it.each(languages)('has a title for every code in %s', (language) => {
  const titles = loadCatalogues('problems').get(language) ?? {}
  expect(Object.keys(titles)).toEqual(expect.arrayContaining(Object.keys(problemKinds)))
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
  ['a database that is away', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['several addresses that are away', new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')])],
])('asks to come back for %s', (_, error) => {
  const refusal = toDomainError(error)
  expect(refusal).toMatchObject({ code: 'Unavailable', status: 503, extras: { headers: { 'retry-after': '2' } } })
})

it.each([
  ['entity.too.large', 'PayloadTooLarge'],
  ['charset.unsupported', 'UnsupportedMediaType'],
  ['entity.parse.failed', 'BadRequest'],
])('takes the body parser’s %s for %s', (type, code) => {
  expect(toDomainError(Object.assign(new Error('x'), { type, status: 400 })).code).toBe(code)
})

it('leaves a refusal as it is', () => {
  const refusal = new DomainError('EventFull', 'every seat is taken')
  expect(toDomainError(refusal)).toBe(refusal)
})
