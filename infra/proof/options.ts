import { parseArgs } from 'node:util'
import { cases, type ProofCase } from './cases.ts'

export type ProofCommand = 'start' | 'test'

export interface Options {
  list: boolean
  chosen: ProofCase[]
  commands: ProofCommand[]
}

/**
 * What was asked for: without options the quick cases with `npm start` and `npm run demo`, as `npm test` takes minutes in
 * each.
 *
 * @throws with one line where a case or a command is not known.
 */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      list: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      only: { type: 'string' },
      command: { type: 'string' },
    },
  })
  const { list, all, only, command } = values
  const names = only?.split(',')
  const unknown = names?.filter((name) => !cases.some((it) => it.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`There is no case ${unknown.join(', ')}; --list names them.`)
  if (command !== undefined && command !== 'start' && command !== 'test') {
    throw new Error(`--command is start or test, not ${command}.`)
  }
  const chosen = cases.filter(({ name, slow }) => (names ? names.includes(name) : all || !slow))
  const both: ProofCommand[] = all || names ? ['start', 'test'] : ['start']
  return { list, chosen, commands: command ? [command] : both }
}
