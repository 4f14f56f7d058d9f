import { buckets } from './buckets.ts'
import { createObjectStorage } from './objects.ts'

/** Run by itself before the services start. */
const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY } = process.env
if (!MINIO_ENDPOINT || !MINIO_ACCESS_KEY || !MINIO_SECRET_KEY) {
  throw new Error('MINIO_ENDPOINT, MINIO_ACCESS_KEY and MINIO_SECRET_KEY are needed')
}
const storage = createObjectStorage({
  endpoint: MINIO_ENDPOINT,
  accessKey: MINIO_ACCESS_KEY,
  secretKey: MINIO_SECRET_KEY,
})
await storage.ensureBuckets(buckets)
process.stdout.write(`buckets: ${buckets.join(', ')}\n`)
