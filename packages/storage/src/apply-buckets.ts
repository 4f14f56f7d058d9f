import { createObjectStorage } from './objects.ts'

/** Run by itself before the services start, with the buckets' names as arguments. */
const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY } = process.env
if (!MINIO_ENDPOINT || !MINIO_ACCESS_KEY || !MINIO_SECRET_KEY) {
  throw new Error('MINIO_ENDPOINT, MINIO_ACCESS_KEY and MINIO_SECRET_KEY are needed')
}
const storage = createObjectStorage({
  endpoint: MINIO_ENDPOINT,
  accessKey: MINIO_ACCESS_KEY,
  secretKey: MINIO_SECRET_KEY,
})
const names = process.argv.slice(2)
await storage.ensureBuckets(names)
process.stdout.write(`buckets: ${names.join(', ')}\n`)
