import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'
import { expect, it } from 'vitest'
import { asyncApiDocument } from './asyncapi.ts'
import { topicConfigs } from './topics.ts'

it('is a valid AsyncAPI 3 document with a channel for every topic', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument()))
  expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([])
  expect(
    document
      ?.channels()
      .all()
      .map((channel) => channel.address()),
  ).toEqual(topicConfigs().map(({ topic }) => topic))
})

it('names what a subscriber needs', () => {
  expect(asyncApiDocument()).toMatchObject({
    channels: { 'user.registered.v1': { address: 'user.registered' } },
    components: {
      schemas: {
        'user.registered.v1': { required: ['userId'], properties: { userId: { type: 'string', format: 'uuid' } } },
      },
    },
  })
})

it('is committed as it is generated', () => {
  const committed = readFileSync(new URL('../../../docs/api/asyncapi.json', import.meta.url), 'utf8')
  expect(committed).toBe(`${JSON.stringify(asyncApiDocument(), null, 2)}\n`)
})
