import { Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PUBLIC_URL, type ServedApp, serveApp } from '../test/serve-app.ts'
import { ok, streamed } from './answers.ts'
import { defineApi, implement } from './operation.ts'

const echoed = { description: 'What came', schema: z.object({ body: z.unknown() }) } as const
const common = { summary: '', tag: '', permission: 'public' } as const

const api = defineApi({
  echo: { ...common, method: 'post', path: '/echo', body: z.looseObject({}), answers: { 200: echoed } },
  echoForm: { ...common, method: 'post', path: '/form', form: true, body: z.looseObject({}), answers: { 200: echoed } },
  browse: { ...common, permission: 'events.browse', method: 'get', path: '/browse', answers: { 200: echoed } },
  file: { ...common, method: 'get', path: '/file', answers: { 200: { description: '', contentType: 'image/png' } } },
  lie: {
    ...common,
    method: 'get',
    path: '/lie',
    answers: { 200: { description: '', schema: z.object({ name: z.string() }) } },
  },
})

let app: ServedApp

beforeAll(async () => {
  const routes = implement(api, {
    echo: async ({ body }) => ok({ body }),
    echoForm: async ({ body }) => ok({ body }),
    browse: async () => ok({ body: null }),
    file: async () => streamed({ 'content-type': 'image/png' }, breaking()),
    lie: async () => ok({ name: 'ada', secret: 'x' }),
  })
  app = await serveApp({ routes })
})

afterAll(() => app?.listener.drain())

/** A storage that breaks off after the first bytes. */
function breaking(): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.alloc(10)
      throw new Error('the storage broke off')
    })(),
  )
}

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const type = path === '/form' ? 'application/x-www-form-urlencoded' : 'application/json'
  const answer = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  })
  return { status: answer.status, body: (await answer.json()) as { body?: unknown; error?: string } }
}

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  )
const packed = (buffer: Buffer) => Uint8Array.from(buffer)

describe('a body', () => {
  const json = '{"name":"José"}'

  it.each([
    ['plain', bytes(json), {}],
    ['with a byte order mark', bytes('\ufeff', json), {}],
    ['with its character set named', bytes(json), { 'content-type': 'application/json; charset="UTF-8"' }],
    ['compressed by gzip', packed(gzipSync(json)), { 'content-encoding': 'gzip' }],
    ['compressed by brotli', packed(brotliCompressSync(json)), { 'content-encoding': 'br' }],
    ['compressed by deflate', packed(deflateSync(json)), { 'content-encoding': 'deflate' }],
  ])('is read %s', async (_, body, headers) => {
    expect(await post('/echo', body, headers as Record<string, string>)).toMatchObject({
      status: 200,
      body: { body: { name: 'José' } },
    })
  })

  it.each([
    ['gzip that is cut', packed(gzipSync(json).subarray(0, 12)), { 'content-encoding': 'gzip' }],
    ['gzip that is none', bytes(json), { 'content-encoding': 'gzip' }],
    ['brotli that is none', bytes(json), { 'content-encoding': 'br' }],
    ['deflate that is none', bytes(json), { 'content-encoding': 'deflate' }],
    ['Latin-1', bytes('{"name":"Jos', [0xe9], '"}'), {}],
    ['an overlong form', bytes('{"name":"', [0xc0, 0xaf], '"}'), {}],
    ['a surrogate as bytes', bytes('{"name":"', [0xed, 0xa0, 0x80], '"}'), {}],
    ['half a character', bytes('{"name":"', [0xf0, 0x9f], '"}'), {}],
    ['half a text', bytes('{"name":'), {}],
    ['a bare value', bytes('"name"'), {}],
  ])('of %s is refused with 400', async (_, body, headers) => {
    const answer = await post('/echo', body, headers as Record<string, string>)
    expect(answer).toMatchObject({ status: 400, body: { error: 'BadRequest' } })
  })

  it.each([
    ['an unknown encoding', bytes(json), { 'content-encoding': 'compress' }],
    ['two encodings', bytes(json), { 'content-encoding': 'gzip, gzip' }],
    ['UTF-7', bytes(json), { 'content-type': 'application/json; charset=utf-7' }],
    ['UTF-16', bytes(json), { 'content-type': 'application/json; charset=utf-16le' }],
    ['Latin-1 that says so', bytes(json), { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['another type', bytes(json), { 'content-type': 'text/plain' }],
  ])('in %s is refused with 415', async (_, body, headers) => {
    const answer = await post('/echo', body, headers as Record<string, string>)
    expect(answer).toMatchObject({ status: 415, body: { error: 'UnsupportedMediaType' } })
  })

  it('is measured once it is decompressed', async () => {
    const bomb = packed(gzipSync(JSON.stringify({ name: 'x'.repeat(5_000_000) })))
    const answer = await post('/echo', bomb, { 'content-encoding': 'gzip' })
    expect(answer).toMatchObject({ status: 413, body: { error: 'PayloadTooLarge' } })
  })

  it.each([
    ['a=1+2%2B3&b=%26%3D%3A%E2%82%AC', { a: '1 2+3', b: '&=:€' }],
    ['a=1&a=2&constructor=x', { a: ['1', '2'], constructor: 'x' }],
    ['a&=b&&c==', { a: '', '': 'b', c: '=' }],
  ])('of a form %s is read', async (form, members) => {
    expect((await post('/form', form)).body.body).toEqual(members)
  })

  it.each(['a=%zz', 'a=%', 'a=%ff', '%e2%82=1'])('of a form %s is refused rather than guessed', async (form) => {
    expect(await post('/form', form)).toMatchObject({ status: 400, body: { error: 'BadRequest' } })
  })
})

describe('headers', () => {
  it.each([
    ['no origin', {}, null],
    ['a foreign origin', { origin: 'http://evil.test' }, null],
    ['the origin null', { origin: 'null' }, null],
    ['an origin of the list', { origin: PUBLIC_URL }, PUBLIC_URL],
  ])('say to %s that they depend on it', async (_, headers, allowed) => {
    for (const path of ['/browse', '/nothing-here']) {
      const answer = await fetch(`${app.url}${path}`, { headers: headers as Record<string, string> })
      expect(answer.headers.get('vary')).toContain('Origin')
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
    }
  })

  it('answer OPTIONS with what is allowed, preflight or not', async () => {
    const plain = await fetch(`${app.url}/browse`, { method: 'OPTIONS' })
    expect([plain.status, plain.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    const headers = { origin: PUBLIC_URL, 'access-control-request-method': 'GET' }
    const preflight = await fetch(`${app.url}/browse`, { method: 'OPTIONS', headers })
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, expect.any(String)])
    expect((await fetch(`${app.url}/nothing-here`, { method: 'OPTIONS' })).status).toBe(404)
  })

  it.each([
    ['two Authorization headers that differ', 'Bearer one', 'Bearer two', 400],
    ['the same one twice', 'Bearer one', 'Bearer one', 200],
  ])('with %s are answered by %s', async (_, one, two, status) => {
    const head = `GET /browse HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${one}\r\nAuthorization: ${two}`
    expect(await app.raw(`${head}\r\n\r\n`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })
})

it('notes an answer that breaks half-way as broken, not as 200', async () => {
  await expect(fetch(`${app.url}/file`).then((answer) => answer.arrayBuffer())).rejects.toThrow()
  await expect.poll(() => app.registry.metrics()).toMatch(/_count\{.*route="\/file",status="broken"\} 1/)
  expect(app.lines.find(({ msg }) => msg === 'request failed')).toMatchObject({ level: 'error', route: '/file' })
})

it('does not pass off an answer for one that was declared', async () => {
  expect((await fetch(`${app.url}/lie`)).status).toBe(500)
  expect(JSON.stringify(app.lines)).toContain('lie answers members that it does not declare')
})
