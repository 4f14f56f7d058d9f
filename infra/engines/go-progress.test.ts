import { expect, it } from 'vitest'
import { countPackages } from './go-progress.ts'

it('counts fetched modules until packages are compiled, and then those', () => {
  const told: string[] = []
  const hear = countPackages((detail) => told.push(detail))
  for (const line of [
    'go: downloading github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c',
    'go: downloading golang.org/x/sys v0.32.0',
    'internal/goarch',
    '\x1b[1mgithub.com/minio/minio/internal/bucket/bandwidth\x1b[0m',
    'go: warning: a sentence, and no package',
    'gopkg.in/yaml.v3',
  ])
    hear(line)
  expect(told).toEqual([
    '1 modules fetched',
    '2 modules fetched',
    '1 of about 1300 packages compiled',
    '2 of about 1300 packages compiled',
    '3 of about 1300 packages compiled',
  ])
})
