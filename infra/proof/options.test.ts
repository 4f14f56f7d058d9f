import { expect, it } from 'vitest'
import { cases } from './cases.ts'
import { readOptions } from './options.ts'

const named = (args: string[]) => readOptions(args).chosen.map(({ name }) => name)

it('names each case once', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

it('starts the quick cases unless more is asked for', () => {
  const { chosen, commands } = readOptions([])
  expect(chosen.some(({ slow }) => slow)).toBe(false)
  expect(commands).toEqual(['start'])
})

it('runs both commands in every case with --all', () => {
  expect(named(['--all'])).toEqual(cases.map(({ name }) => name))
  expect(readOptions(['--all']).commands).toEqual(['start', 'test'])
})

it('runs what is named, slow or not, and one command alone when told', () => {
  expect(named(['--only', 'space,empty-cache'])).toEqual(['space', 'empty-cache'])
  expect(readOptions(['--only', 'space', '--command', 'test']).commands).toEqual(['test'])
})

it('refuses what it does not know', () => {
  expect(() => readOptions(['--only', 'mars'])).toThrow('There is no case mars')
  expect(() => readOptions(['--command', 'stop'])).toThrow('--command is start or test, not stop')
})
