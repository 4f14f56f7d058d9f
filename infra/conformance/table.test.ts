import { expect, it } from 'vitest'
import { conformanceTable, unknownRows } from './table.ts'

const stateOf = (tests: Parameters<typeof conformanceTable>[0], number: string) =>
  conformanceTable(tests).find((row) => row.number === number)?.state

it('shows a row without a test as open, never as passed', () => {
  expect(stateOf([], 'S1')).toBe('open')
  expect(stateOf([{ title: 'S10: something else', status: 'passed' }], 'S1')).toBe('open')
  expect(stateOf([{ title: 'mentions S1: in passing', status: 'passed' }], 'S1')).toBe('open')
})

it('takes a test for each row that its name begins with', () => {
  const tests = [{ title: 'S17, R22: fifty at once', status: 'passed' }]
  expect([stateOf(tests, 'S17'), stateOf(tests, 'R22')]).toEqual(['passed', 'passed'])
})

it('shows a row as failed when one of its tests has failed or was left out', () => {
  const passed = { title: 'S17: one', status: 'passed' }
  expect(stateOf([passed, { title: 'S17: two', status: 'failed' }], 'S17')).toBe('failed')
  expect(stateOf([passed, { title: 'S17: two', status: 'skipped' }], 'S17')).toBe('failed')
})

it('finds numbers that no row has', () => {
  expect(unknownRows([{ title: 'S99, R1: x', status: 'passed' }])).toEqual(['S99'])
})
