import { request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import document from '../docs/api/openapi.json' with { type: 'json' }
import { type FuzzedOperation, type FuzzedRequest, type OpenApi, operationsOf } from './fuzz/requests.ts'
import { join } from './person.ts'
import { type System, startSystem } from './system.ts'

const RUNS = 150

let system: System
let tokens: (string | undefined)[]

beforeAll(async () => {
  system = await startSystem()
  tokens = [(await join(system)).token, (await join(system)).token, undefined]
})

afterAll(() => system?.stop())

interface Answer {
  status: number
  type: string
  body: string
}

/** `fetch` refuses some of what a hostile client sends, so requests go out by hand. */
function call({ method }: FuzzedOperation, { path, query, headers, body }: FuzzedRequest): Promise<Answer> {
  const search = new URLSearchParams(query).toString()
  return new Promise((resolve, reject) => {
    const request = send(
      `${system.publicUrl}${path}${search === '' ? '' : `?${search}`}`,
      // Node sends the body of a DELETE without its length, and what follows is no request any more.
      { method, headers: { ...headers, ...(body ? { 'content-length': body.length } : {}) } },
      async (answer) => {
        const { statusCode = 0, headers: received } = answer
        resolve({ status: statusCode, type: received['content-type'] ?? '', body: await text(answer) })
      },
    )
    request.once('error', reject)
    request.end(body)
  })
}

/** The token endpoint refuses in the words of RFC 6749 (section 5.2), as far as that has any. */
const isOAuth = (id: string, status: number) => id === 'issueToken' && [400, 401].includes(status)

function checkAnswer({ id, statuses }: FuzzedOperation, { status, type, body }: Answer) {
  expect(status, body).toBeLessThan(500)
  if (status < 400) return
  if (isOAuth(id, status)) {
    expect(JSON.parse(body)).toEqual({ error: expect.any(String), error_description: expect.any(String) })
    return
  }
  // A page for people is offered where a browser asks for one.
  if (!type.startsWith('text/html')) {
    expect(type).toContain('application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ status, error: expect.any(String), detail: expect.any(String) })
  }
  // 405 and 404 are what a garbled path comes to, 414 a long one.
  expect([...statuses, '404', '405', '414']).toContain(String(status))
  expect(body).not.toMatch(/at .*\.ts:\d+|select .* from|node_modules/i)
}

describe('whatever is sent', () => {
  // What ends sessions comes last: afterwards the token opens nothing that could break.
  const ending = ['logout', 'logoutEverywhere', 'deleteOwnAccount']
  const operations = operationsOf(document as unknown as OpenApi).sort(
    (a, b) => ending.indexOf(a.id) - ending.indexOf(b.id),
  )

  it('there are operations to send it to', () => {
    expect(operations.length).toBeGreaterThan(10)
  })

  it.each(operations.map((operation) => [operation.id, operation] as const))(
    'R10: %s answers without a 5xx',
    async (_, operation) => {
      const requests = fc.tuple(operation.requests, fc.nat(2))
      const property = fc.asyncProperty(requests, async ([request, who]) => {
        const token = tokens[who]
        const headers = token ? { ...request.headers, authorization: `Bearer ${token}` } : request.headers
        checkAnswer(operation, await call(operation, { ...request, headers }))
      })
      await fc.assert(property, { numRuns: RUNS })
    },
  )
})
