import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApiDocument } from './openapi.ts'

const committed = async () =>
  JSON.parse(await readFile(join(import.meta.dirname, '../../docs/api/openapi.json'), 'utf8')) as unknown

it('is committed as it is served (npm run docs writes it)', async () => {
  expect(await committed()).toEqual(JSON.parse(JSON.stringify(openApiDocument())))
})

it('describes operations that say who may call them and what they answer when they refuse', () => {
  const operations = Object.values(openApiDocument().paths ?? {}).flatMap((path) => Object.values(path))
  expect(operations.length).toBeGreaterThan(10)
  for (const operation of operations) {
    expect(operation).toMatchObject({ operationId: expect.any(String), responses: { 429: expect.anything() } })
  }
})
