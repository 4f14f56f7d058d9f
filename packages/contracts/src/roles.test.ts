import { expect, it } from 'vitest'
import { isBelow } from './roles.ts'

it('orders roles from anonymous to admin', () => {
  expect(isBelow('organizer', 'manager')).toBe(true)
  expect(isBelow('manager', 'manager')).toBe(false)
  expect(isBelow('admin', 'manager')).toBe(false)
})
