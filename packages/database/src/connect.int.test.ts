import { EngineAway } from '@rollcall/runtime/engine-away'
import { startTcpProxy, type TcpProxy } from '@rollcall/testing/tcp-proxy'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { createDatabase } from './connect.ts'

let proxy: TcpProxy
let db: Kysely<unknown>

beforeEach(async () => {
  const url = new URL(inject('engines').postgres)
  proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } })
  url.host = proxy.address
  const options = { url: url.toString(), maxConnections: 1, applicationName: 'test', connectTimeoutMs: 2000 }
  db = createDatabase({ ...options, statementTimeoutMs: 500 })
  await sql`select 1`.execute(db)
})
afterEach(async () => {
  await db.destroy()
  await proxy.stop()
})

const ask = () => sql<{ one: number }>`select 1 as one`.execute(db).then(({ rows }) => rows)

describe.each(['requests', 'answers'] as const)('a database whose %s get lost on the way', (direction) => {
  it('is away, and asked over a new connection afterwards', async () => {
    proxy.pause(direction)
    const startedAt = performance.now()
    await expect(ask()).rejects.toThrow(EngineAway)
    expect(performance.now() - startedAt).toBeLessThan(2000)
    proxy.restore()
    expect(await ask()).toEqual([{ one: 1 }])
  })

  it('does not keep a transaction waiting for its rollback as well', async () => {
    const startedAt = performance.now()
    const work = db.transaction().execute(async (tx) => {
      proxy.pause(direction)
      await sql`select 1`.execute(tx)
    })
    await expect(work).rejects.toThrow(EngineAway)
    expect(performance.now() - startedAt).toBeLessThan(2000)
    proxy.restore()
    expect(await ask()).toEqual([{ one: 1 }])
  })
})

it('leaves it to the server to end a statement that takes too long, and keeps the connection', async () => {
  const backend = () => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db).then(({ rows }) => rows)
  const before = await backend()
  await expect(sql`select pg_sleep(2)`.execute(db)).rejects.toThrow(EngineAway)
  expect(await backend()).toEqual(before)
})

it.each(['between two statements', 'in the middle of a statement'])(
  'survives a connection that is cut in a transaction, %s',
  async (moment) => {
    const unheard: unknown[] = []
    const note = (error: unknown) => void unheard.push(error)
    process.prependListener('uncaughtException', note)
    const work = db.transaction().execute(async (tx) => {
      if (moment === 'in the middle of a statement') setTimeout(() => proxy.cut(), 50)
      else proxy.cut()
      await new Promise((resolve) => setTimeout(resolve, 20))
      await sql`select pg_sleep(0.3)`.execute(tx)
    })
    await expect(work).rejects.toThrow(EngineAway)
    proxy.restore()
    expect(await ask()).toEqual([{ one: 1 }])
    process.off('uncaughtException', note)
    expect(unheard).toEqual([])
  },
)
