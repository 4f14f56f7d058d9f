import { ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { UsersDatabase } from '../database/tables.ts'
import { auditApi } from './api.ts'
import { type AuditRow, listAudit, newestFirst } from './list-audit.ts'

export function auditRoutes({ db }: { db: Kysely<UsersDatabase> }): Route[] {
  return implement(auditApi, {
    async listAudit({ query: { limit, offset, cursor, ...filters }, search }) {
      const request = { limit, offset, cursor }
      const found = await listAudit(db, filters, request)
      return ok(pageOf(found, { path: '/audit', search, request, sort: newestFirst, toItem }))
    },
  })
}

const Details = z.object({
  reason: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
})

function toItem(row: AuditRow) {
  const details =
    row.details === null ? { reason: null, before: null, after: null } : Details.parse(JSON.parse(row.details))
  return {
    position: row.position,
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, nickname: row.actor_nickname },
    action: row.action,
    target: { type: row.target_type, id: row.target_id, nickname: row.target_nickname },
    ...details,
    traceId: row.trace_id,
    hash: row.hash.toString('base64'),
  }
}
