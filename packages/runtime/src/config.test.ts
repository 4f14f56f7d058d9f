import { expect, it } from 'vitest'
import { z } from 'zod'
import { commaList, jsonVariable, parseEnvironment, refuseUnsafeSettings } from './config.ts'

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

const guarded = z
  .object({
    NODE_ENV: z.string(),
    ROLLCALL_CHECKPOINT_KILL: z.string().optional(),
    PEPPER: z.string().optional(),
    KEY: z
      .string()
      .transform((text) => Buffer.from(text, 'base64url'))
      .optional(),
    JWK: jsonVariable(z.looseObject({})).optional(),
  })
  .superRefine(refuseUnsafeSettings)

it('refuses test settings outside of tests', () => {
  const kill = { ROLLCALL_CHECKPOINT_KILL: 'x' }
  expect(() => parseEnvironment(guarded, { NODE_ENV: 'production', ...kill })).toThrow('ROLLCALL_CHECKPOINT_KILL')
  expect(parseEnvironment(guarded, { NODE_ENV: 'test', ...kill })).toMatchObject(kill)
})

it.each([
  ['PEPPER', 'local-only-pepper'],
  ['KEY', Buffer.from('local-only-key').toString('base64url')],
  ['JWK', '{"kid":"local-only-tickets"}'],
])('refuses the local default of %s in production alone', (name, value) => {
  const parse = (NODE_ENV: string) => () => parseEnvironment(guarded, { NODE_ENV, [name]: value })
  expect(parse('production')).toThrow(`${name}: is a default that everybody knows`)
  expect(parse('development')).not.toThrow()
})
