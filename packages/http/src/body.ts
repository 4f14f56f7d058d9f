import { MIMEType, TextDecoder } from 'node:util'
import express, { type Request, type RequestHandler } from 'express'
import { DomainError } from './errors.ts'

const LIMIT = '100kb'

type Parse = (text: string) => unknown

/** How a body of each media type becomes a value. */
const parsers: Record<string, Parse> = {
  'application/json': parseJson,
  'application/x-www-form-urlencoded': parseForm,
}

/**
 * Reads bodies of JSON and forms, at most 100 kB once decompressed. Only what is UTF-8 throughout is taken: a decoder
 * that puts U+FFFD in place of what it cannot read would store something that nobody has sent.
 *
 * @throws {DomainError} `BadRequest` for what cannot be read, `PayloadTooLarge`, `UnsupportedMediaType` for another
 *   character set or content encoding
 */
export function readBody(): RequestHandler {
  const readBytes = express.raw({ limit: LIMIT, type: Object.keys(parsers) })
  return (req, res, next) => {
    readBytes(req, res, (error?: unknown) => {
      try {
        if (error !== undefined) throw refusalOf(error)
        if (Buffer.isBuffer(req.body)) req.body = parseBody(req, req.body)
        next()
      } catch (refusal) {
        next(refusal)
      }
    })
  }
}

/** What the reader of bytes refuses is about the request: its length, its compression, or a body that broke off. */
function refusalOf(error: unknown): DomainError {
  const { status, type } = error as { status?: unknown; type?: unknown }
  if (status === 413) return new DomainError('PayloadTooLarge', 'the body is larger than this accepts')
  if (type === 'encoding.unsupported') {
    return new DomainError('UnsupportedMediaType', 'the content encoding of the body is not one that is taken')
  }
  return new DomainError('BadRequest', 'the body could not be read: it is incomplete, or not compressed as it says')
}

function parseBody(req: Request, bytes: Buffer): unknown {
  // Body-parser has just taken it for one of ours, so it can be read.
  const { essence: type, params } = new MIMEType(req.get('content-type') ?? '')
  if (!/^utf-?8$/i.test(params.get('charset') ?? 'utf-8')) {
    throw new DomainError('UnsupportedMediaType', 'the character set has to be UTF-8')
  }
  if (bytes.length === 0) return undefined
  const parse = parsers[type] as Parse
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    throw new DomainError('BadRequest', 'the body could not be read: it is incomplete or not valid in its form')
  }
}

/** RFC 8259: an object or an array, as no operation takes anything else. */
function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null) return value
  throw new DomainError('BadRequest', 'the body has to be a JSON object')
}

/** The form that browsers send (WHATWG URL, 5.1), except that what it would guess at is refused. */
function parseForm(text: string): Record<string, string | string[]> {
  const members: Record<string, string | string[]> = Object.create(null)
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const [name = '', ...rest] = pair.split('=')
    const [key, value] = [decodeFormPart(name), decodeFormPart(rest.join('='))]
    const before = members[key]
    members[key] = before === undefined ? value : [before, value].flat()
  }
  return { ...members }
}

const decodeFormPart = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
