import { setTimeout as sleep } from 'node:timers/promises'
import type { Request, Response } from 'express'

const PATIENCE_MS = 500

/**
 * Before an answer to a request whose body has not come in full: unread bytes would be taken for the next request on this
 * connection, so it ends with the answer; and a client that is still sending would not see an answer at once.
 */
export async function answerUnread(req: Request, res: Response): Promise<void> {
  res.set('connection', 'close')
  await Promise.race([drained(req), sleep(PATIENCE_MS)])
}

function drained(req: Request): Promise<void> {
  return new Promise((resolve) => {
    req
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve())
      .resume()
  })
}
