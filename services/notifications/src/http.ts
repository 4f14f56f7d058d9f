import { createHttpApp } from '@rollcall/http/app'
import type { RateLimits } from '@rollcall/http/rate-limits'
import type { Logger } from '@rollcall/runtime/logger'
import type { Registry } from '@rollcall/runtime/metrics'
import type { Express } from 'express'
import type { NotificationsConfig } from './config.ts'
import { type QueuePagesDeps, queuePages } from './queues/pages.ts'

export interface NotificationsHttpDeps extends QueuePagesDeps {
  http: NotificationsConfig['http']
  rateLimits: RateLimits
  knowledgeAgeMs(): number
  log: Logger
  registry: Registry
}

export function createNotificationsApp({
  http,
  rateLimits,
  knowledgeAgeMs,
  log,
  registry,
  ...deps
}: NotificationsHttpDeps): Express {
  return createHttpApp({
    pages: [queuePages({ ...deps, knowledgeAgeMs })],
    // The operators' pages have a cookie of their own; nothing here takes a bearer token.
    routes: [],
    authenticate: async () => undefined,
    rateLimits,
    knowledgeAgeMs,
    corsOrigins: http.corsOrigins,
    trustedProxies: http.trustedProxies,
    log,
    registry,
  })
}
