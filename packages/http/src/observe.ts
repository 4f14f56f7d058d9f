import type { Logger } from '@rollcall/runtime/logger'
import { Histogram, type Registry } from '@rollcall/runtime/metrics'
import type { RequestHandler, Response } from 'express'
import { PAGE_POLICY } from './page.ts'

/** What the metrics say of an answer that broke off after its status had been sent: no caller has seen the whole of it. */
const BROKEN = 'broken'

/** Request ids, durations by route, and one log line a request, without its query or its path's parameters. */
export function observe({ log, registry }: { log: Logger; registry: Registry }): RequestHandler {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to the end of its answer, by route; status `broken`: it ended half-way',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  return (req, res, next) => {
    const startedAt = performance.now()
    const requestId = /^[\w.-]{8,128}$/.exec(req.get('x-request-id') ?? '')?.[0] ?? crypto.randomUUID()
    res.set({ 'x-request-id': requestId, 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' })
    res.once('close', () => {
      const milliseconds = performance.now() - startedAt
      const labels = { method: req.method, route: String(res.locals['route'] ?? 'unmatched'), status: statusOf(res) }
      duration.observe(labels, milliseconds / 1000)
      const line = { ...labels, requestId, traceId: res.locals['traceId'], ms: Math.round(milliseconds * 10) / 10 }
      const failed = res.statusCode >= 500 || labels.status === BROKEN
      log[failed ? 'warn' : 'debug'](line, 'request')
    })
    next()
  }
}

function statusOf(res: Response): string {
  return res.locals['broken'] ? BROKEN : String(res.statusCode)
}
