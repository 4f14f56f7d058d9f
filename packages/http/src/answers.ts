import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { Answer } from './operation.ts'

export async function sendAnswer(res: Response, { status, headers = {}, body, html, stream }: Answer): Promise<void> {
  res.status(status).set(headers)
  if (stream) {
    // Headers are gone once the stream has begun: a break in the middle can only end the connection.
    await pipeline(stream, res).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined))
  } else if (html !== undefined) res.type('html').send(html)
  else if (body === undefined) res.end()
  else res.json(body)
}
