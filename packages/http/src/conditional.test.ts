import { expect, it } from 'vitest'
import { matchesNone, requireMatch } from './conditional.ts'

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

it.each([
  ['the same', '"3.7"'],
  ['the same edit, as only the rest is newer', '"3.5"'],
  ['one of several', '"1.1", "3.6"'],
  ['a weak one, as a compressing proxy makes it', 'W/"3.7"'],
  ['any', '*'],
])('lets a change pass whose If-Match is %s', (_, ifMatch) => {
  expect(() => requireMatch(ifMatch, '"3.7"')).not.toThrow()
})

it.each([
  ['another edit', '"2.7"', 'PreconditionFailed'],
  ['malformed', '3.7', 'PreconditionFailed'],
  ['malformed beside a good one', '"3.7", x', 'PreconditionFailed'],
  ['not a tag of ours', '"3"', 'PreconditionFailed'],
  ['empty', '', 'PreconditionFailed'],
  ['missing', undefined, 'PreconditionRequired'],
])('refuses a change whose If-Match is %s', (_, ifMatch, code) => {
  expect(() => requireMatch(ifMatch, '"3.7"')).toThrow(expect.objectContaining({ code }))
})
