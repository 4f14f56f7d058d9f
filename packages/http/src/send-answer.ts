import { pipeline } from 'node:stream/promises'
import type { NextFunction, Request, Response } from 'express'
import type { Answer } from './answers.ts'

interface Exchange {
  req: Request
  res: Response
  next: NextFunction
}

/** A stream that broke off: its headers are gone, so that only the end of the connection can tell the client. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer'
}

/** @throws {BrokenAnswer} when a stream breaks half-way for another reason than a client that went away */
export async function sendAnswer({ req, res, next }: Exchange, answer: Answer): Promise<void> {
  const { status, headers: { vary, ...headers } = {}, body, html, stream, page } = answer
  res.set(headers)
  // Beside what it depends on for every answer.
  if (vary) res.vary(vary)
  if (page) return void (await page(req, res, next))
  res.status(status)
  if (stream) {
    // Heard of before the connection ends, which is when the answer is counted.
    stream.once('error', () => {
      res.locals['broken'] = true
    })
    await pipeline(stream, res).catch((cause: unknown) => {
      if (clientWentAway(cause)) return
      throw new BrokenAnswer('a stream broke while it was being sent', { cause })
    })
  } else if (html !== undefined) res.type('html').send(html)
  else if (body === undefined) res.end()
  else res.json(body)
}

/** Node names the end of the destination by this code, whatever the source does. */
function clientWentAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
