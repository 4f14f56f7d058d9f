import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { startTcpProxy, type TcpProxy } from '@rollcall/testing/tcp-proxy'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { createObjectStorage, type ObjectStorage } from './objects.ts'

const bucket = `objects-${randomUUID().slice(0, 8)}`
let storage: ObjectStorage

beforeAll(async () => {
  storage = createObjectStorage(inject('engines').minio)
  await storage.ensureBuckets([bucket])
})

it('gives back what was put, with its type and tag', async () => {
  const name = { bucket, key: 'a.png' }
  await storage.put(name, Buffer.from('picture'), 'image/png')
  const stored = await storage.get(name)
  expect(stored).toMatchObject({ size: 7, contentType: 'image/png', etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) })
  expect((await buffer(stored?.body ?? Readable.from([]))).toString()).toBe('picture')
  expect((await storage.read(name))?.toString()).toBe('picture')
})

it('keeps the tag when the same content is put again', async () => {
  const name = { bucket, key: 'same' }
  await storage.put(name, Buffer.from('one'), 'text/plain')
  const before = await storage.get(name)
  before?.body.destroy()
  await storage.put(name, Buffer.from('one'), 'text/plain')
  const after = await storage.get(name)
  after?.body.destroy()
  expect(after?.etag).toBe(before?.etag)
})

it('says that an object or a bucket is missing', async () => {
  expect(await storage.get({ bucket, key: 'none' })).toBeUndefined()
  expect(await storage.read({ bucket, key: 'none' })).toBeUndefined()
  expect(await storage.get({ bucket: `${bucket}-none`, key: 'none' })).toBeUndefined()
})

it('makes a bucket once, also when asked twice at once', async () => {
  const name = `${bucket}-twice`
  await Promise.all([storage.ensureBuckets([name]), storage.ensureBuckets([name])])
  await storage.ensureBuckets([name])
  await storage.put({ bucket: name, key: 'k' }, Buffer.from('v'), 'text/plain')
})

it('fails when the storage is away', async () => {
  const away = createObjectStorage({ ...inject('engines').minio, endpoint: 'http://127.0.0.1:9' })
  await expect(away.ping()).rejects.toThrow(EngineAway)
  await expect(away.read({ bucket, key: 'a.png' })).rejects.toThrow(EngineAway)
})

describe('a storage that falls silent', () => {
  const large = { bucket, key: 'large' }
  let proxy: TcpProxy
  let stalling: ObjectStorage

  beforeAll(async () => {
    await storage.put(large, Buffer.alloc(20 * 1024 * 1024, 'x'), 'application/octet-stream')
  })
  beforeEach(async () => {
    const { minio } = inject('engines')
    proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: Number(new URL(minio.endpoint).port) } })
    stalling = createObjectStorage({ ...minio, endpoint: `http://${proxy.address}`, deadlineMs: 500 })
  })
  afterEach(() => proxy.stop())

  /** Milliseconds until a question has ended as one to an engine that is away. */
  async function untilAway(question: Promise<unknown>): Promise<number> {
    const startedAt = performance.now()
    await expect(question).rejects.toThrow(EngineAway)
    return performance.now() - startedAt
  }

  it('ends every question in its time', async () => {
    proxy.pause('answers')
    const name = { bucket, key: 'a.png' }
    const asked = await Promise.all([
      untilAway(stalling.read(name)),
      untilAway(stalling.get(name)),
      untilAway(stalling.put(name, Buffer.from('picture'), 'image/png')),
      untilAway(stalling.ping()),
      untilAway(stalling.ensureBuckets([bucket])),
    ])
    expect(Math.max(...asked)).toBeLessThan(2000)
  })

  it('ends a read whose caller has less time', async () => {
    const patient = createObjectStorage({ ...inject('engines').minio, endpoint: `http://${proxy.address}` })
    proxy.pause('answers')
    expect(await untilAway(patient.read(large, { deadlineMs: 300 }))).toBeLessThan(2000)
    expect(await untilAway(patient.read(large, { deadlineMs: -1 }))).toBeLessThan(1000)
  })

  it('keeps no connection for a question that it does not answer', async () => {
    proxy.pause('answers')
    await Promise.all([untilAway(stalling.ping()), untilAway(stalling.read(large, { deadlineMs: 100 }))])
    await expect.poll(() => proxy.connections()).toBe(0)
  })

  it('ends an object in its middle', async () => {
    const stored = await stalling.get(large)
    const body = stored?.body ?? Readable.from([])
    await once(body, 'readable')
    proxy.pause('answers')
    const startedAt = performance.now()
    await expect(buffer(body)).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })

  it('leaves no connection behind that nobody reads, when its answers come late', async () => {
    const patient = createObjectStorage({ ...inject('engines').minio, endpoint: `http://${proxy.address}` })
    proxy.pause('answers')
    await untilAway(patient.read(large, { deadlineMs: 300 }))
    expect(proxy.connections()).toBe(1)
    proxy.restore()
    // Long before its silence would end it.
    await expect.poll(() => proxy.connections(), { timeout: 5000 }).toBe(0)
  })
})
