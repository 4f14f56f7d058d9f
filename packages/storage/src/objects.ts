import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { Client, S3Error } from 'minio'

export interface ObjectName {
  bucket: string
  key: string
}

export interface StoredObject {
  body: Readable
  /** Bytes. */
  size: number
  /** As HTTP wants it, with its quotes. */
  etag: string
  contentType: string
}

export interface ObjectStorage {
  /** Stores or replaces an object; the same content under the same key changes nothing. */
  put(name: ObjectName, content: Buffer, contentType: string): Promise<void>
  /** The object as a stream, which the caller consumes or destroys; undefined when there is none. */
  get(name: ObjectName): Promise<StoredObject | undefined>
  /** The object's bytes, for small ones; undefined when there is none. */
  read(name: ObjectName): Promise<Buffer | undefined>
  /** @throws when the storage cannot be asked. */
  ping(): Promise<void>
  /** Makes private buckets of these names where they are missing. */
  ensureBuckets(names: string[]): Promise<void>
}

export interface StorageOptions {
  /** `http://host:port` or `https://host:port`. */
  endpoint: string
  accessKey: string
  secretKey: string
}

/** Named, so that the client need not ask for a bucket's region before its first request to it. */
const REGION = 'us-east-1'

/** A storage that hangs is one that is away: whoever waits tries again later. */
const DEADLINE_MS = 10_000

/** @throws {Error} when `call` takes longer than 10 s */
async function inTime<Result>(call: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('ETIMEDOUT: the object storage does not answer')), DEADLINE_MS)
  try {
    return await Promise.race([call, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

export function createObjectStorage({ endpoint, accessKey, secretKey }: StorageOptions): ObjectStorage {
  const { hostname, port, protocol } = new URL(endpoint)
  const useSSL = protocol === 'https:'
  const client = new Client({
    endPoint: hostname,
    port: Number(port) || (useSSL ? 443 : 80),
    useSSL,
    accessKey,
    secretKey,
    region: REGION,
  })

  async function get({ bucket, key }: ObjectName): Promise<StoredObject | undefined> {
    try {
      const { size, etag, metaData } = await inTime(client.statObject(bucket, key))
      const body = await inTime(client.getObject(bucket, key))
      const contentType = String(metaData['content-type'] ?? 'application/octet-stream')
      return { body, size, etag: `"${etag}"`, contentType }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  return {
    get,
    async put({ bucket, key }, content, contentType) {
      await inTime(client.putObject(bucket, key, content, content.length, { 'content-type': contentType }))
    },
    async read({ bucket, key }) {
      try {
        return await buffer(await inTime(client.getObject(bucket, key)))
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async ping() {
      await inTime(client.listBuckets())
    },
    async ensureBuckets(names) {
      await Promise.all(names.map((name) => ensureBucket(client, name)))
    },
  }
}

async function ensureBucket(client: Client, name: string): Promise<void> {
  if (await client.bucketExists(name)) return
  try {
    await client.makeBucket(name, REGION)
  } catch (error) {
    // Processes that start together both find it missing.
    if (!(error instanceof S3Error) || error.code !== 'BucketAlreadyOwnedByYou') throw error
  }
}

/** A HEAD request has no body, so its error knows no more than "NotFound". */
function isMissing(error: unknown): boolean {
  return error instanceof S3Error && ['NoSuchKey', 'NotFound', 'NoSuchBucket'].includes(error.code ?? '')
}
