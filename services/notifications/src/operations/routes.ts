import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { implement, type Route } from '@rollcall/http/operation'
import type { Queue } from 'bullmq'
import { Router } from 'express'
import { queuesApi } from './api.ts'

const BASE = '/ops/queues'

/** Bull Board's own scripts and styles, which set inline styles; nothing from elsewhere. */
const BOARD_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Bull Board at `/ops/queues`. @param queues shown in this order */
export function queueRoutes(queues: Queue[]): Route[] {
  const board = new ExpressAdapter()
  board.setBasePath(BASE)
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: 'Rollcall', hideRedisDetails: true } },
  })
  const page = Router().use(BASE, board.getRouter())
  const answer = { status: 200, headers: { 'content-security-policy': BOARD_POLICY }, page } as const
  return implement(queuesApi, { showQueues: async () => answer, showQueue: async () => answer })
}
