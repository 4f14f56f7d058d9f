import { createRegistry } from '@rollcall/runtime/metrics'
import { hashSync } from 'bcrypt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHashPool, type PasswordHasher } from './hash-pool.ts'

const COST = 8
const WORKERS = 2
const QUEUE_LIMIT = 20
const registry = createRegistry('users')
let hasher: PasswordHasher

beforeAll(async () => {
  hasher = await createHashPool({ pepper: 'a pepper', cost: COST, workers: WORKERS, queueLimit: QUEUE_LIMIT, registry })
})

afterAll(() => hasher?.close())

/** How often other work had its turn before this was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let over = false
  const turn = () => {
    turns += 1
    if (!over) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  over = true
  return turns
}

describe('hashes', () => {
  it('R21: leave the process free for other work while sixteen are made', async () => {
    const sixteen = Array.from({ length: 16 }, (_, index) => `password ${index}`)
    const besideThePool = await turnsDuring(() => Promise.all(sixteen.map((password) => hasher.hash(password))))
    const besideOneThread = await turnsDuring(async () => sixteen.map((password) => hashSync(password, COST)))
    expect(besideThePool).toBeGreaterThan(100)
    expect(besideOneThread).toBeLessThan(3)
  })

  it('are refused at once with when to come back where too many wait', async () => {
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => hasher.hash('a password')))
    const refused = all.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(40 - WORKERS - QUEUE_LIMIT)
    expect(refused[0]).toMatchObject({ reason: { code: 'Busy', extras: { headers: { 'retry-after': '2' } } } })
  })

  it('are counted with the time that they take', async () => {
    const count = async () =>
      Number(
        /_count\{.*kind="compare".*\} (\d+)/.exec(await registry.getSingleMetricAsString('password_hash_seconds'))?.[1],
      )
    await hasher.matches('a password', await hasher.hash('a password'))
    const before = await count()
    await hasher.matches('a password', undefined)
    expect((await count()) - before).toBe(1)
    expect(await registry.getSingleMetricAsString('password_hash_queue')).toMatch(/^password_hash_queue\{.*\} 0$/m)
  })

  it('match their own password alone, and nothing where there is none', async () => {
    const stored = await hasher.hash('a password')
    expect(await hasher.matches('a password', stored)).toBe(true)
    expect(await hasher.matches('another', stored)).toBe(false)
    expect(await hasher.matches('a password', null)).toBe(false)
  })
})
