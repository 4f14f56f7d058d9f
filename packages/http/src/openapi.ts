import { isOpen } from '@rollcall/access/permissions'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { bodyTypes, problemsOf } from './declared.ts'
import { isNamedByOAuth, OAuthErrorSchema } from './oauth.ts'
import type { Api, Operation } from './operation.ts'
import { ProblemSchema } from './problem.ts'
import { type ProblemCode, statusOf } from './problems.ts'

interface DocumentOptions {
  title: string
  version: string
  apis: Api[]
}

/** OpenAPI 3.1 from the operations that are served: what the document says is what the router checks. */
export function createOpenApiDocument({ title, version, apis }: DocumentOptions) {
  const paths: ZodOpenApiPathsObject = {}
  for (const [id, operation] of apis.flatMap((api) => Object.entries(api))) {
    if (operation.internal) continue
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(id, operation) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title, version, license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      schemas: { Problem: ProblemSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  })
}

function describe(id: string, operation: Operation): ZodOpenApiOperationObject {
  const { params, query, body, form, permission, idempotent } = operation
  return {
    operationId: id,
    summary: operation.summary,
    tags: [operation.tag],
    description: `Permission: \`${permission}\`.`,
    ...(permission === 'public' ? {} : { security: securityOf(operation) }),
    requestParams: { ...(params ? { path: params } : {}), ...(query ? { query } : {}) },
    ...(idempotent ? { parameters: [idempotencyParameter] } : {}),
    ...(body
      ? { requestBody: { required: !body.safeParse(undefined).success, content: contentOf(bodyTypes(form), body) } }
      : {}),
    responses: { ...answersOf(operation), ...refusalsOf(operation) },
  }
}

const contentOf = (types: readonly string[], schema: NonNullable<Operation['body']>) =>
  Object.fromEntries(types.map((type) => [type, { schema }]))

const idempotencyParameter = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes a retry the same operation. Kept for 24 h.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
}

function securityOf({ permission }: Operation) {
  return isOpen(permission) ? [{}, { bearer: [] }] : [{ bearer: [] }]
}

function answersOf({ answers }: Operation) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      const { description, schema, contentType = 'application/json', html, headers = {} } = answer
      const media = schema ? { schema } : contentType === 'application/json' ? undefined : {}
      const content = { ...(media ? { [contentType]: media } : {}), ...(html ? { 'text/html': {} } : {}) }
      return [status, { description, ...headersOf(headers), ...(Object.keys(content).length > 0 ? { content } : {}) }]
    }),
  )
}

/** Headers that this answer always has, by what they are for. */
function headersOf(descriptions: Record<string, string>) {
  const entries = Object.entries(descriptions)
  if (entries.length === 0) return {}
  const header = (description: string) => ({ description, required: true, schema: { type: 'string' as const } })
  return { headers: Object.fromEntries(entries.map(([name, description]) => [name, header(description)])) }
}

/** By status: a caller cannot act on these refusals without them. */
const problemHeaders: Record<number, Record<string, string>> = {
  401: { 'WWW-Authenticate': 'How to identify oneself (RFC 6750)' },
  429: { 'Retry-After': 'Seconds until a request is taken again' },
  503: { 'Retry-After': 'Seconds after which it is worth trying again' },
}

function refusalsOf(operation: Operation) {
  const inOAuth = (code: ProblemCode) => operation.refusals === 'oauth' && isNamedByOAuth(code)
  const problems = [...problemsOf(operation)].filter((code) => !inOAuth(code))
  const byStatus = Map.groupBy(problems, statusOf)
  const described = [...byStatus].map(([status, ofStatus]) => [
    String(status),
    {
      description: ofStatus.map((code) => `\`${code}\``).join(', '),
      ...headersOf(problemHeaders[status] ?? {}),
      content: { 'application/problem+json': { schema: ProblemSchema } },
    },
  ])
  return {
    ...Object.fromEntries(described),
    ...(operation.query ? tooLong : {}),
    ...(operation.refusals === 'oauth' ? oauthRefusals : {}),
  }
}

/** What the gateway says of itself, before a service is asked. */
const tooLong = {
  414: {
    description: 'The address is longer than 16 KB',
    content: { 'application/problem+json': { schema: ProblemSchema } },
  },
}

const oauthRefusals = Object.fromEntries(
  Object.entries({
    400: '`invalid_request`, `invalid_grant`, `unsupported_grant_type`',
    401: '`invalid_client`',
  }).map(([status, description]) => [
    status,
    {
      description,
      ...headersOf(problemHeaders[Number(status)] ?? {}),
      content: { 'application/json': { schema: OAuthErrorSchema } },
    },
  ]),
)
