import { expect, it } from 'vitest'
import { duplicates, orderViolations, type TopicRecord } from './topic-reader.ts'

function record(key: string, sequence: number, value = `${key}${sequence}`): TopicRecord {
  return { partition: 0, offset: 0, key, id: `${key}-${sequence}`, sequence, value, headers: {} }
}

it('accepts keys in their order, interleaved, with copies', () => {
  const records = [record('a', 1), record('b', 1), record('a', 2), record('a', 1), record('a', 3)]
  expect(orderViolations(records)).toEqual([])
  expect(duplicates(records)).toBe(1)
})

it('finds an inversion, a gap and a copy with other bytes', () => {
  expect(orderViolations([record('a', 2), record('a', 1)])).toHaveLength(2)
  expect(orderViolations([record('a', 1), record('a', 3)])).toHaveLength(1)
  expect(orderViolations([record('a', 1), record('a', 1, 'changed')])).toHaveLength(1)
})
