import { expect, it } from 'vitest'
import { slowestFiles } from './slowest-files.ts'

const file = (name: string, ms: number) => ({ name, startTime: 1000, endTime: 1000 + ms })

it('names the slowest files first, and no more than asked for', () => {
  const files = [file('a.test.ts', 500), file('b.e2e.test.ts', 7500), file('c.int.test.ts', 2000)]
  expect(slowestFiles(files, 2)).toEqual(['     7.5 s  75 %  b.e2e.test.ts', '     2.0 s  20 %  c.int.test.ts'])
})

it('has nothing to name where nothing ran', () => {
  expect(slowestFiles([], 10)).toEqual([])
  expect(slowestFiles([file('a.test.ts', 0)], 10)).toEqual(['     0.0 s   0 %  a.test.ts'])
})
