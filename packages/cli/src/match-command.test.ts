import { expect, it } from 'vitest'
import { matchCommand } from './match-command.ts'

const names = ['deliveries', 'deliveries ls', 'deliveries ls-dead', 'admin create']

it.each([
  ['deliveries ls', 'deliveries ls'],
  ['deliveries ls --state dead', 'deliveries ls'],
  ['deliveries ls-dead', 'deliveries ls-dead'],
  ['deliveries lsx', 'deliveries'],
  ['admin create --email me@example.org', 'admin create'],
  ['admin createx', undefined],
  ['admin', undefined],
  ['', undefined],
])('takes "%s" for %s', (line, name) => {
  expect(matchCommand(names, line === '' ? [] : line.split(' '))).toBe(name)
})
