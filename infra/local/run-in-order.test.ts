import { beforeEach, expect, it } from 'vitest'
import { runInOrder, type Step } from './run-in-order.ts'

let log: string[]

beforeEach(() => {
  log = []
})

/** A step that says when it begins and ends. */
const step = (name: string, needs: string[] = [], work: () => Promise<void> = async () => {}): [string, Step] => [
  name,
  {
    needs,
    async run() {
      log.push(`${name} begins`)
      await work()
      log.push(`${name} ends`)
    },
  },
]

it('lets a slow step hold up only what needs it', async () => {
  const build = Promise.withResolvers<void>()
  const running = runInOrder(
    new Map([
      step('minio', [], () => build.promise),
      step('postgres'),
      step('users', ['postgres']),
      step('events', ['postgres', 'minio']),
    ]),
  )
  await expect.poll(() => log).toContain('users ends')
  expect(log).toEqual(['minio begins', 'postgres begins', 'postgres ends', 'users begins', 'users ends'])
  build.resolve()
  await running
  expect(log.slice(5)).toEqual(['minio ends', 'events begins', 'events ends'])
})

it('does each step once, whoever needs it', async () => {
  await runInOrder(new Map([step('a', ['c']), step('b', ['c']), step('c')]))
  expect(log.filter((line) => line === 'c begins')).toHaveLength(1)
})

it('fails with the first failure, and never begins what needed it', async () => {
  const failing = step('kafka', [], async () => {
    throw new Error('no Java')
  })
  await expect(runInOrder(new Map([failing, step('topics', ['kafka'])]))).rejects.toThrow('no Java')
  expect(log).toEqual(['kafka begins'])
})

it('refuses what can never be done', async () => {
  await expect(runInOrder(new Map([step('a', ['b'])]))).rejects.toThrow('there is no step b, which a needs')
  await expect(runInOrder(new Map([step('a', ['b']), step('b', ['a'])]))).rejects.toThrow('a needs b needs a')
  expect(log).toEqual([])
})
