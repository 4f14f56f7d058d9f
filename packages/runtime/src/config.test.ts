import { expect, it } from 'vitest'
import { z } from 'zod'
import { commaList, jsonVariable, parseEnvironment, processEnvironment, refuseTestSettings } from './config.ts'

const schema = z.object({
  PORT: z.coerce.number().int(),
  BROKERS: commaList.pipe(z.array(z.string()).min(1)),
  KEY: jsonVariable(z.object({ kty: z.string() })),
  NAME: z.string().optional(),
})

it('reads lists, numbers and JSON, and takes an empty variable for a missing one', () => {
  expect(parseEnvironment(schema, { PORT: '80', BROKERS: 'a, b,', KEY: '{"kty":"EC"}', NAME: '' })).toEqual({
    PORT: 80,
    BROKERS: ['a', 'b'],
    KEY: { kty: 'EC' },
  })
})

it('names every problem at once', () => {
  const parse = () => parseEnvironment(schema, { PORT: 'x', BROKERS: ',', KEY: '{' })
  expect(parse).toThrow(/3 problem\(s\):.*PORT:.*BROKERS:.*KEY: is not JSON/s)
})

it('refuses test settings outside of tests', () => {
  const guarded = processEnvironment
    .pick({ NODE_ENV: true, ROLLCALL_CHECKPOINT_KILL: true })
    .superRefine(refuseTestSettings)
  const kill = { ROLLCALL_CHECKPOINT_KILL: 'x' }
  expect(() => parseEnvironment(guarded, { NODE_ENV: 'production', ...kill })).toThrow('ROLLCALL_CHECKPOINT_KILL')
  expect(parseEnvironment(guarded, { NODE_ENV: 'test', ...kill })).toMatchObject(kill)
})
