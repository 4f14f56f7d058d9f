import { expect, it } from 'vitest'
import { newestPerSubject } from './newest-per-subject.ts'

const at = (subject: string, sequence: number) => ({ subject, sequence })

it('keeps the highest sequence of each subject, also when a copy of an older one comes last', () => {
  expect(newestPerSubject([at('b', 1), at('a', 1), at('b', 2), at('b', 1)])).toEqual([at('a', 1), at('b', 2)])
})

it('gives rows in one order, whatever order they came in', () => {
  const messages = [at('c', 1), at('a', 1), at('b', 1)]
  expect(newestPerSubject(messages)).toEqual(newestPerSubject(messages.toReversed()))
})
