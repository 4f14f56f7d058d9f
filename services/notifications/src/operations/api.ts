import { defineApi } from '@rollcall/http/operation'

const page = { 200: { description: 'The page, or a part of it', contentType: 'text/html' } } as const

const queues = {
  method: 'get',
  summary: 'Queues, for operators',
  tag: 'operations',
  permission: 'operations.read',
  credential: 'ops-cookie',
  signInPage: '/ops/sign-in',
  answers: page,
  internal: true,
} as const

/** Reading only: what changes deliveries goes through the ledger. */
export const queuesApi = defineApi({
  showQueues: { ...queues, path: '/ops/queues' },
  showQueue: { ...queues, path: '/ops/queues/{+page}' },
})
