import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { startTcpProxy } from '@rollcall/testing/tcp-proxy'
import { beforeAll, expect, inject, it } from 'vitest'
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

it('ends a read that stalls half-way, within the time that its caller has', async () => {
  const name = { bucket, key: 'large' }
  await storage.put(name, Buffer.alloc(20 * 1024 * 1024, 'x'), 'application/octet-stream')
  const { endpoint } = inject('engines').minio
  const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: Number(new URL(endpoint).port) } })
  const stalling = createObjectStorage({ ...inject('engines').minio, endpoint: `http://${proxy.address}` })
  const startedAt = performance.now()
  const reading = stalling.read(name, { deadlineMs: 800 })
  // Its headers, and some of its bytes, are there by then.
  setTimeout(() => proxy.pause('answers'), 15)
  await expect(reading).rejects.toThrow(EngineAway)
  expect(performance.now() - startedAt).toBeLessThan(3000)
  await proxy.stop()
})

it('ends whatever it asks of a storage that takes requests and answers none', async () => {
  const { endpoint } = inject('engines').minio
  const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: Number(new URL(endpoint).port) } })
  proxy.pause('answers')
  const frozen = createObjectStorage({ ...inject('engines').minio, endpoint: `http://${proxy.address}` })
  await expect(frozen.read({ bucket, key: 'a.png' }, { deadlineMs: 300 })).rejects.toThrow(EngineAway)
  // What comes after the deadline is thrown away, or the connection would stay open for a reader that is gone.
  proxy.restore()
  await proxy.stop()
})
