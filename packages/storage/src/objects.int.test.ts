import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
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
  await expect(away.ping()).rejects.toThrow()
  await expect(away.read({ bucket, key: 'a.png' })).rejects.toThrow()
})
