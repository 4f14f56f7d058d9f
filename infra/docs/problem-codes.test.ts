import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problemsOf } from '@rollcall/http/declared'
import { problemCodes } from '@rollcall/http/problems'
import { expect, it } from 'vitest'
import { everyApi } from './openapi.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Codes by the places that make a refusal of them; the compiler has checked that each is one. */
function thrownCodes(): Set<string> {
  const files = globSync('{packages,services}/*/src/**/*.ts', { cwd: ROOT }).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  const texts = files.map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const made = texts.flatMap((text) => [...text.matchAll(/(?:new DomainError|super)\(\s*'([A-Z]\w+)'/g)])
  return new Set(made.map(([, code]) => String(code)))
}

it('throws every code of the list somewhere, and none beside', () => {
  expect([...thrownCodes()].sort()).toEqual([...problemCodes].sort())
})

it('declares every code for some operation, beside what answers where there is none', async () => {
  const declared = (await everyApi()).flatMap((api) => Object.values(api)).flatMap((it) => [...problemsOf(it)])
  const anywhere = ['MethodNotAllowed', 'Internal']
  expect([...new Set([...declared, ...anywhere])].sort()).toEqual([...problemCodes].sort())
})
