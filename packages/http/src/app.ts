import { problemTitle } from '@rollcall/i18n/problem-titles'
import type { Logger } from '@rollcall/runtime/logger'
import type { Registry } from '@rollcall/runtime/metrics'
import { currentTraceId } from '@rollcall/runtime/trace'
import cors from 'cors'
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { prefersHtml } from './accept-request.ts'
import { answerUnread } from './answer-unread.ts'
import { readBody } from './body.ts'
import { createClientAddress } from './client-address.ts'
import { DomainError } from './errors.ts'
import { oauthBody, oauthCodeOf, oauthStatus } from './oauth.ts'
import { observe } from './observe.ts'
import type { Route } from './operation.ts'
import { html, renderPage } from './page.ts'
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

function answerProblem({ log, routes }: HttpAppOptions): ErrorRequestHandler {
  return async (error, req, res, _next) => {
    const refusal = toDomainError(error)
    const traceId = String(res.locals['traceId'] ?? currentTraceId() ?? randomTraceId())
    // Being busy is no fault to look into, and it comes by the hundred.
    if (refusal.status >= 500 && refusal.code !== 'Busy') {
      log.error({ err: error, trace_id: traceId, route: res.locals['route'] }, 'request failed')
    }
    if (res.headersSent) return void res.destroy()
    const oauth = isTokenEndpoint(routes, req.path) ? oauthCodeOf(refusal) : undefined
    const { title, language } = problemTitle(refusal.code, req.get('accept-language'))
    const instance = String(res.locals['instance'] ?? req.path)
    const status = oauth ? oauthStatus(oauth) : refusal.status
    res.status(status).set(refusal.extras.headers ?? {})
    if (status !== 401) res.removeHeader('www-authenticate')
    if (!req.complete) await answerUnread(req, res)
    if (oauth) return void res.json(oauthBody(oauth, refusal.message))
    res.set('content-language', language)
    if (offersPages(routes, res) && prefersHtml(req)) {
      const content = html`<p>${sentence(refusal.message)}</p>`
      return void res.type('html').send(renderPage({ language, title, content }))
    }
    const body = problemBody(refusal, { title, instance, traceId })
    res.type('application/problem+json').send(JSON.stringify(body))
  }
}

/** Before routing as well: a body that cannot be read is refused there in its own words. */
function isTokenEndpoint(routes: Route[], path: string): boolean {
  return routes.some(({ operation }) => operation.refusals === 'oauth' && operation.path === path)
}

/** Where people look at pages, they are refused by a page. */
function offersPages(routes: Route[], { locals }: Response): boolean {
  return routes.some(
    ({ operation: { path, answers } }) => path === locals['route'] && Object.values(answers).some(({ html }) => html),
  )
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
}

function randomTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
