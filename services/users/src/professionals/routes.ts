import { created, noContent, ok } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { Kysely } from 'kysely'
import { staffOf } from '../accounts/staff-of.ts'
import { toUserResource } from '../accounts/user-resource.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { professionalsApi } from './api.ts'
import { type DecideDeps, decideRequest, grantProfessional, withdrawProfessional } from './decide-professional.ts'
import { byRequest, findRequest, listRequests, type ProfessionalRequest } from './queries.ts'
import { requestProfessional } from './request-professional.ts'

export function professionalRoutes(deps: DecideDeps): Route[] {
  const { db } = deps
  return implement(professionalsApi, {
    async requestProfessional({ caller }) {
      const id = await requestProfessional(deps, caller.id)
      return created('/professional-requests', toResource(await requireRequest(db, id), false))
    },
    async listProfessionalRequests({ query: { status, ...request }, scope, search }) {
      const found = await listRequests(db, { status, scope: scope === 'all' ? 'all' : 'below' }, request)
      const toItem = (row: ProfessionalRequest) => toResource(row, true)
      return ok(pageOf(found, { path: '/professional-requests', search, request, sort: byRequest, toItem }))
    },
    async grantRequest({ params, body, caller, scope }) {
      await decideRequest(deps, { ...params, by: staffOf(caller, scope), reason: body?.reason }, 'granted')
      return ok(toResource(await requireRequest(db, params.requestId), true))
    },
    async declineRequest({ params, body, caller, scope }) {
      await decideRequest(deps, { ...params, by: staffOf(caller, scope), reason: body?.reason }, 'declined')
      return ok(toResource(await requireRequest(db, params.requestId), true))
    },
    async grantProfessional({ params, body, caller, scope }) {
      const by = staffOf(caller, scope)
      return ok(toUserResource(await grantProfessional(deps, { ...params, by, reason: body?.reason }), by))
    },
    async withdrawProfessional({ params, caller, scope }) {
      await withdrawProfessional(deps, { ...params, by: staffOf(caller, scope) })
      return noContent
    },
  })
}

async function requireRequest(db: Kysely<UsersDatabase>, id: string): Promise<ProfessionalRequest> {
  const request = await findRequest(db, id)
  if (!request) throw new DomainError('NotFound', 'there is no such request')
  return request
}

function toResource(request: ProfessionalRequest, isStaff: boolean) {
  const { id, user_id, nickname, requested_at, decision, decided_at, decided_by } = request
  const path = `/professional-requests/${id}`
  const links = { grant: { href: `${path}/grant` }, decline: { href: `${path}/decline` } }
  return {
    id,
    user: { id: user_id, nickname },
    requestedAt: requested_at.toISOString(),
    decision,
    decidedAt: decided_at?.toISOString() ?? null,
    decidedBy: decided_by,
    _links: isStaff && decision === null ? links : {},
  }
}
