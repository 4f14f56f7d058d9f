import { setTimeout as sleep } from 'node:timers/promises'
import { problemTitle } from '@rollcall/i18n/problem-titles'
import type { Logger } from '@rollcall/runtime/logger'
import { Histogram, type Registry } from '@rollcall/runtime/metrics'
import { currentTraceId } from '@rollcall/runtime/trace'
import cors from 'cors'
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import { DomainError } from './errors.ts'
import type { Route } from './operation.ts'
import { PAGE_POLICY } from './page.ts'
import { type ProblemBody, problemBody, toDomainError } from './problem.ts'
import { createRouter, type RouterOptions } from './router.ts'

export interface HttpAppOptions extends RouterOptions {
  routes: Route[]
  /** Routers that serve pages of their own, mounted before the operations. */
  pages?: Router[]
  corsOrigins: string[]
  trustedProxies: string[]
  log: Logger
  registry: Registry
}

const JSON_LIMIT = '100kb'

export function createHttpApp(options: HttpAppOptions): Express {
  const app = express()
  app.set('trust proxy', options.trustedProxies)
  app.set('etag', false)
  app.disable('x-powered-by')
  app.use(observe(options))
  app.use(securityHeaders())
  app.use(crossOrigin(options.corsOrigins))
  app.use(express.json({ limit: JSON_LIMIT, strict: true }), express.urlencoded({ limit: JSON_LIMIT, extended: false }))
  for (const pages of options.pages ?? []) app.use(pages)
  app.use(createRouter(options.routes, options))
  app.use(() => {
    throw new DomainError('NotFound', 'there is nothing at this path')
  })
  app.use(answerProblem(options))
  return app
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: false,
    // Whether the public origin speaks TLS is the gateway's to know and to say.
    strictTransportSecurity: false,
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-site' },
  })
}

/** An exact allow-list: another origin, or `null`, gets no `Access-Control-Allow-Origin` at all. */
function crossOrigin(origins: string[]): RequestHandler {
  const exposedHeaders = ['Location', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id']
  return cors({
    origin: (origin, decide) => decide(null, origin !== undefined && origins.includes(origin)),
    exposedHeaders,
    maxAge: 600,
  })
}

/** Request ids, durations by route, and one log line a request, without its query or its path's parameters. */
function observe({ log, registry }: HttpAppOptions): RequestHandler {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to the end of its answer, by route',
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
      const route = String(res.locals['route'] ?? 'unmatched')
      const labels = { method: req.method, route, status: String(res.statusCode) }
      duration.observe(labels, milliseconds / 1000)
      const line = { ...labels, requestId, traceId: res.locals['traceId'], ms: Math.round(milliseconds * 10) / 10 }
      log[res.statusCode >= 500 ? 'warn' : 'debug'](line, 'request')
    })
    next()
  }
}

function answerProblem({ log }: HttpAppOptions): ErrorRequestHandler {
  return async (error, req, res, _next) => {
    const refusal = toDomainError(error)
    const traceId = String(res.locals['traceId'] ?? currentTraceId() ?? randomTraceId())
    if (refusal.status >= 500)
      log.error({ err: error, trace_id: traceId, route: res.locals['route'] }, 'request failed')
    if (res.headersSent) return void res.destroy()
    const { title, language } = problemTitle(refusal.code, req.get('accept-language'))
    const body: ProblemBody = problemBody(refusal, {
      title,
      instance: String(res.locals['instance'] ?? req.path),
      traceId,
    })
    res.status(refusal.status).set({ ...refusal.extras.headers, 'content-language': language })
    // Unread bytes of a refused body would be taken for the next request on this connection.
    if (!req.complete) {
      res.set('connection', 'close')
      await Promise.race([drained(req), sleep(500)])
    }
    res.type('application/problem+json').send(JSON.stringify(body))
  }
}

function drained(req: express.Request): Promise<void> {
  return new Promise((resolve) => {
    req
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve())
      .resume()
  })
}

function randomTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
