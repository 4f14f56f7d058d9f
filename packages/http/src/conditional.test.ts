import { expect, it } from 'vitest'
import { matchesNone } from './conditional.ts'

it.each([
  ['"x"', true],
  ['W/"x"', true],
  ['"y", "x"', true],
  ['"y",W/"x" , "z"', true],
  ['*', true],
  [' * ', true],
  [', "x",', true],
  ['"a,b", "x"', true],
  ['"y"', false],
  ['"X"', false],
  ['w/"x"', false],
  ['x', false],
  ['"x', false],
  ['"x" "y"', false],
  ['"y", x, "x"', false],
  ['"x", *', false],
  ['', false],
  [undefined, false],
])('with If-None-Match %s a representation "x" is known already: %s', (header, known) => {
  expect(matchesNone(header, '"x"')).toBe(known)
  expect(matchesNone(header, 'W/"x"')).toBe(known)
})
