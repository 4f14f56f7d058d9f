import { problemTitle } from '@rollcall/i18n/problem-titles'
import type { Logger } from '@rollcall/runtime/logger'
import type { Registry } from '@rollcall/runtime/metrics'
import { currentTraceId } from '@rollcall/runtime/trace'
import cors from 'cors'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { answerUnread } from './answer-unread.ts'
import { readBody } from './body.ts'
import { createClientAddress } from './client-address.ts'
import { DomainError } from './errors.ts'
import { observe } from './observe.ts'
import type { Route } from './operation.ts'
import { problemBody, toDomainError } from './problem.ts'
import { createRouter, type RouterOptions } from './router.ts'

export interface HttpAppOptions extends Omit<RouterOptions, 'clientAddress' | 'ownOrigin'> {
  routes: Route[]
  /** Where the gateway is, as browsers see it. */
  publicUrl: string
  corsOrigins: string[]
  trustedProxies: string[]
  log: Logger
  registry: Registry
}

export function createHttpApp(options: HttpAppOptions): Express {
  const { routes, publicUrl, corsOrigins, trustedProxies } = options
  const app = express()
  app.set('etag', false)
  app.disable('x-powered-by')
  app.use(observe(options), securityHeaders(), crossOrigin(corsOrigins), readBody())
  const clientAddress = createClientAddress(trustedProxies)
  app.use(createRouter(routes, { ...options, clientAddress, ownOrigin: new URL(publicUrl).origin }))
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

export const EXPOSED_HEADERS = ['Location', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id']

/**
 * An exact allow-list: another origin, or `null`, gets no `Access-Control-Allow-Origin` at all. Every answer says that it
 * depends on the origin, also to those that get nothing: a cache must not give theirs to one that would.
 */
function crossOrigin(origins: string[]): RequestHandler {
  const allow = cors({
    origin: (origin, decide) => decide(null, origin !== undefined && origins.includes(origin)),
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
    // The router answers, as it knows the methods.
    preflightContinue: true,
  })
  return (req, res, next) => {
    res.vary('Origin')
    allow(req, res, next)
  }
}

function answerProblem({ log }: HttpAppOptions): ErrorRequestHandler {
  return async (error, req, res, _next) => {
    const refusal = toDomainError(error)
    const traceId = String(res.locals['traceId'] ?? currentTraceId() ?? randomTraceId())
    if (refusal.status >= 500) {
      log.error({ err: error, trace_id: traceId, route: res.locals['route'] }, 'request failed')
    }
    if (res.headersSent) return void res.destroy()
    const { title, language } = problemTitle(refusal.code, req.get('accept-language'))
    const instance = String(res.locals['instance'] ?? req.path)
    const body = problemBody(refusal, { title, instance, traceId })
    res.status(refusal.status).set({ ...refusal.extras.headers, 'content-language': language })
    if (!req.complete) await answerUnread(req, res)
    res.type('application/problem+json').send(JSON.stringify(body))
  }
}

function randomTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
