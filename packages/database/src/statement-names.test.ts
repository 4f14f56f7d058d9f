import { expect, test } from 'vitest'
import { createStatementNames } from './statement-names.ts'

const timesOf = (nameOf: (text: string) => string | undefined, text: string, times: number) =>
  Array.from({ length: times }, () => nameOf(text)).at(-1)

test('names a statement that keeps coming, and no other', () => {
  const nameOf = createStatementNames()
  expect(timesOf(nameOf, 'select $1', 3)).toBeUndefined()
  const name = nameOf('select $1')
  expect(name).toMatch(/^[\w-]{43}$/)
  expect(nameOf('select $1')).toBe(name)
  expect(nameOf('select $2')).toBeUndefined()
  expect(timesOf(nameOf, 'select $2', 4)).not.toBe(name)
})

test('means the same by a name in every process', () => {
  expect(timesOf(createStatementNames(), 'select $1', 4)).toBe(timesOf(createStatementNames(), 'select $1', 4))
})

test('stays bounded, however many statements come', () => {
  const nameOf = createStatementNames()
  for (let i = 0; i < 200; i += 1) expect(timesOf(nameOf, `select ${i}`, 4)).toBeDefined()
  expect(timesOf(nameOf, 'one too many', 10)).toBeUndefined()
  expect(nameOf('select 7')).toBeDefined()
})

test('does not name what is longer than any statement of constant text', () => {
  expect(timesOf(createStatementNames(), `insert ${'($1), '.repeat(2000)}`, 10)).toBeUndefined()
})
