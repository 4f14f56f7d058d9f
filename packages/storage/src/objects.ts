import type { Readable } from 'node:stream'
import { Client, S3Error } from 'minio'
import { away, inTime, readInTime } from './deadline.ts'
import { impatientAgent } from './impatient-agent.ts'

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

/** Every question ends within its time: a storage that hangs is one that is away, and throws {@link EngineAway}. */
export interface ObjectStorage {
  /** Stores or replaces an object; the same content under the same key changes nothing. */
  put(name: ObjectName, content: Buffer, contentType: string): Promise<void>
  /**
   * The object as a stream, which the caller consumes or destroys, and which breaks off when nothing comes for as long;
   * undefined when there is none.
   */
  get(name: ObjectName): Promise<StoredObject | undefined>
  /**
   * The object's bytes, for small ones; undefined when there is none.
   *
   * @param deadlineMs milliseconds for all of it, where the caller has less than the storage's own
   */
  read(name: ObjectName, within?: { deadlineMs?: number }): Promise<Buffer | undefined>
  /** @throws {EngineAway} when the storage cannot be asked. */
  ping(): Promise<void>
  /** Makes private buckets of these names where they are missing. */
  ensureBuckets(names: readonly string[]): Promise<void>
}

export interface StorageOptions {
  /** `http://host:port` or `https://host:port`. */
  endpoint: string
  accessKey: string
  secretKey: string
  /** Milliseconds for one question, and for a silence in the middle of an object. Default: 10 000. */
  deadlineMs?: number
}

/** Named, so that the client need not ask for a bucket's region before its first request to it. */
const REGION = 'us-east-1'

const DEADLINE_MS = 10_000

export function createObjectStorage({ deadlineMs: longest = DEADLINE_MS, ...options }: StorageOptions): ObjectStorage {
  const client = createClient(options, longest)

  /** @throws {EngineAway} for whatever is not the storage's own answer */
  async function ask<Result>(call: Promise<Result>, deadlineMs: number, discard?: (late: Result) => void) {
    try {
      return await inTime(call, deadlineMs, discard)
    } catch (error) {
      throw error instanceof S3Error && !isForNow(error) ? error : away(error)
    }
  }

  const open = ({ bucket, key }: ObjectName, deadlineMs: number) =>
    ask(client.getObject(bucket, key), deadlineMs, (late) => late.destroy())

  return {
    async get(name) {
      const found = await orUndefined(ask(client.statObject(name.bucket, name.key), longest))
      const body = found && (await orUndefined(open(name, longest)))
      if (!body) return undefined
      const { size, etag, metaData } = found
      const contentType = String(metaData['content-type'] ?? 'application/octet-stream')
      return { body, size, etag: `"${etag}"`, contentType }
    },
    async put({ bucket, key }, content, contentType) {
      const headers = { 'content-type': contentType }
      await ask(client.putObject(bucket, key, content, content.length, headers), longest)
    },
    async read(name, { deadlineMs = longest } = {}) {
      const ends = performance.now() + Math.min(deadlineMs, longest)
      const body = await orUndefined(open(name, ends - performance.now()))
      return body && readInTime(body, ends - performance.now())
    },
    async ping() {
      await ask(client.listBuckets(), longest)
    },
    async ensureBuckets(names) {
      await Promise.all(names.map((name) => ask(ensureBucket(client, name), longest)))
    },
  }
}

function createClient({ endpoint, accessKey, secretKey }: StorageOptions, silenceMs: number): Client {
  const { hostname, port, protocol } = new URL(endpoint)
  const useSSL = protocol === 'https:'
  return new Client({
    endPoint: hostname,
    port: Number(port) || (useSSL ? 443 : 80),
    useSSL,
    accessKey,
    secretKey,
    region: REGION,
    transportAgent: impatientAgent({ secure: useSSL, silenceMs }),
    // Callers try again as it suits them; the client's own retry prints, and leaves the first answer unread.
    retryOptions: { disableRetry: true },
  })
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

async function orUndefined<Result>(asking: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asking
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** A HEAD request has no body, so its error knows no more than "NotFound". */
function isMissing(error: unknown): boolean {
  return error instanceof S3Error && ['NoSuchKey', 'NotFound', 'NoSuchBucket'].includes(error.code ?? '')
}

/** Codes by which a storage says "not now" (S3 API, error responses). */
function isForNow({ code = '' }: S3Error): boolean {
  return ['SlowDown', 'ServiceUnavailable', 'InternalError', 'XMinioServerNotInitialized', 'RequestTimeout'].includes(
    code,
  )
}
