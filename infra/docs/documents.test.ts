import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { problemCodes, problemSlug } from '@rollcall/http/problems'
import { expect, it } from 'vitest'
import { documents } from './documents.ts'
import { everyApi, openApiDocument } from './openapi.ts'

const committed = (name: string) => readFile(join(import.meta.dirname, '../../docs/api', name), 'utf8')

it.each(Object.entries(await documents()))(
  'has %s committed as it is served (npm run docs writes it)',
  async (name, text) => {
    expect(await committed(name)).toBe(text)
  },
)

it('describes operations that say who may call them and what they answer when they refuse', async () => {
  const operations = Object.values((await openApiDocument()).paths ?? {}).flatMap((path) => Object.values(path))
  expect(operations.length).toBeGreaterThan(10)
  for (const operation of operations) {
    expect(operation).toMatchObject({ operationId: expect.any(String), responses: { 429: expect.anything() } })
  }
})

const withBody = (await everyApi()).flatMap((api) =>
  Object.entries(api).flatMap(([id, { body, internal }]) => (body && !internal ? [{ id, body }] : [])),
)

it.each(withBody)('shows for $id a body that is taken as it stands', ({ body }) => {
  const { example } = body.meta() ?? {}
  expect(example).toBeTypeOf('object')
  expect(body.safeParse(example)).toMatchObject({ success: true })
})

it('has a place for every problem type to lead to', async () => {
  const page = await committed('problems.html')
  for (const code of problemCodes) expect(page).toContain(`<section id="${problemSlug(code)}">`)
})
