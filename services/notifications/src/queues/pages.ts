import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { DomainError } from '@rollcall/http/errors'
import type { Queue } from 'bullmq'
import { type RequestHandler, Router } from 'express'
import { isOperator, type OperatorDeps } from './operator-session.ts'

const BASE = '/ops/queues'

/** Bull Board's own scripts and styles, which set inline styles; nothing from elsewhere. */
const BOARD_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface QueuePagesDeps extends OperatorDeps {
  /** Shown in this order. */
  queues: Queue[]
}

/** Bull Board at `/ops/queues` for operators. It shows only: what changes deliveries goes through the ledger. */
export function queuePages(deps: QueuePagesDeps): Router {
  const board = new ExpressAdapter()
  board.setBasePath(BASE)
  createBullBoard({
    queues: deps.queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: 'Rollcall', hideRedisDetails: true } },
  })
  const router = Router()
  router.use(BASE, requireOperator(deps), readOnly, (_req, res, next) => {
    res.set('content-security-policy', BOARD_POLICY)
    res.locals['route'] = BASE
    next()
  })
  router.use(BASE, board.getRouter())
  return router
}

function requireOperator(deps: OperatorDeps): RequestHandler {
  return async (req, res, next) => {
    if (await isOperator(deps, req.headers.cookie)) return next()
    res.redirect(303, `/ops/sign-in?next=${encodeURIComponent(req.originalUrl)}`)
  }
}

const readOnly: RequestHandler = (req, _res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  throw new DomainError('MethodNotAllowed', 'the queues are shown, not changed, here', {
    headers: { allow: 'GET, HEAD' },
  })
}
