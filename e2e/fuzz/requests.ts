import fc from 'fast-check'
import { onTheWire, type WireBody } from './on-the-wire.ts'

/** The parts of an OpenAPI document that requests are made from. */
export interface OpenApi {
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, JsonSchema> }
}

interface OpenApiOperation {
  operationId: string
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, unknown>
}

interface JsonSchema {
  $ref?: string
  type?: string
  properties?: Record<string, JsonSchema>
  enum?: unknown[]
  const?: unknown
  example?: unknown
}

export interface FuzzedOperation {
  id: string
  method: string
  path: string
  statuses: string[]
  requests: fc.Arbitrary<FuzzedRequest>
}

export interface FuzzedRequest {
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: Buffer | undefined
}

/** Text that breaks those who trust it. */
const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '%00',
    "'; drop table users; --",
    '../../etc/passwd',
    '{{7*7}}',
    '\r\nX: y',
  ),
  fc.constantFrom('9'.repeat(400), '1e999', '-0', 'null', 'undefined', '🎟️'.repeat(300)),
  fc.uuid(),
)

const nastyValue = fc.oneof(
  { weight: 3, arbitrary: nastyText },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown> },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(null, true, -1, 1e308, 2 ** 53, 0.1, [], {}, [[]], { __proto__: 1 }),
  },
)

/** Every operation of the document with an endless supply of requests, from nearly right to nonsense. */
export function operationsOf(document: OpenApi): FuzzedOperation[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      statuses: Object.keys(operation.responses),
      requests: requestsOf(document, { path, operation }),
    })),
  )
}

function requestsOf(document: OpenApi, { path, operation }: { path: string; operation: OpenApiOperation }) {
  const parameters = operation.parameters ?? []
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place).map(({ name }) => name)
  const values = (names: string[], value: fc.Arbitrary<string>) => fc.dictionary(fc.constantFrom(...names, 'x'), value)
  const [mediaType, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const nothing: fc.Arbitrary<WireBody | undefined> = fc.constant(undefined)
  const request = fc.record({
    path: fc
      .tuple(...named('path').map(() => fc.oneof(fc.uuid({ version: 7 }), nastyText)))
      .map((texts) => fillIn(path, texts)),
    query: values([...named('query'), 'limit'], nastyText),
    headers: headers(named('header'), mediaType),
    wire: media ? onTheWire(bodies(resolve(document, media.schema), document)) : nothing,
  })
  return request.map(({ wire, ...rest }): FuzzedRequest => {
    const described = { ...rest.headers, ...(wire ? headersOf(rest.headers['content-type'], wire) : {}) }
    return { ...rest, headers: described, body: wire?.body }
  })
}

function headersOf(mediaType: string | undefined, { encoding, charset }: WireBody): Record<string, string> {
  return {
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    ...(charset === undefined ? {} : { 'content-type': `${mediaType}; charset=${charset}` }),
  }
}

function fillIn(path: string, texts: string[]): string {
  const left = [...texts]
  return path.replace(/\{\w+\}/g, () => encodeURIComponent((left.shift() ?? '').toWellFormed()) || '%20')
}

function headers(names: string[], mediaType: string | undefined): fc.Arbitrary<Record<string, string>> {
  // What no HTTP client can send is not tried: header values are visible ASCII here.
  const visible = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }).map((text) => text.trim() || 'x')
  const type =
    mediaType === undefined
      ? fc.constant({})
      : fc.constantFrom({ 'content-type': mediaType }, { 'content-type': 'text/plain' })
  const commonplace = ['accept-language', 'accept', 'traceparent', 'x-request-id']
  const own = fc.dictionary(fc.constantFrom(...names, ...commonplace), visible)
  return fc.tuple(type, own).map(([fixed, free]): Record<string, string> => ({ ...free, ...fixed }))
}

function bodies(schema: JsonSchema, document: OpenApi): fc.Arbitrary<string> {
  const members = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, member]) => [
      name,
      fc.oneof({ weight: 2, arbitrary: likely(resolve(document, member)) }, { weight: 1, arbitrary: nastyValue }),
    ]),
  )
  return fc.oneof(
    { weight: 6, arbitrary: fc.record(members, { requiredKeys: [] }).map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: fc.record({ ...members, extra: nastyValue }).map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: nastyText },
  )
}

/** What a member should roughly look like. */
function likely(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.example !== undefined) return fc.constant(schema.example)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.type === 'integer' || schema.type === 'number') return fc.integer()
  if (schema.type === 'array') return fc.array(nastyText, { maxLength: 12 })
  if (schema.type === 'boolean') return fc.boolean()
  return fc.oneof(
    fc.constantFrom('Europe/Berlin', '2027-01-01T10:00:00Z', '2027-01-01T12:00:00+01:00', 'other'),
    fc.string(),
  )
}

function resolve(document: OpenApi, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components.schemas[name] ?? {})
}
