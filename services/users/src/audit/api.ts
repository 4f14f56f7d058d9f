import { idField, instantField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'

const code = z
  .string()
  .max(80)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be a code such as change-role')
const changed = z.record(z.string(), z.unknown()).nullable()

const AuditSchema = z
  .object({
    position: z.int().describe('Without gaps, from 1'),
    id: z.uuid(),
    at: z.iso.datetime(),
    actor: z.object({
      kind: z.string().describe('`manager`, `admin`, `command`, or `user`'),
      id: z.uuid().nullable(),
      nickname: z.string().nullable(),
    }),
    action: z.string(),
    target: z.object({ type: z.string(), id: z.string(), nickname: z.string().nullable() }),
    reason: z.string().nullable(),
    before: changed.describe('What was changed; null once it has been erased'),
    after: changed,
    traceId: z.string().nullable(),
    hash: z.string().describe('Base64; the next row is chained to it'),
  })
  .meta({ id: 'AuditRow' })

export const auditApi = defineApi({
  listAudit: {
    method: 'get',
    path: '/audit',
    summary: 'Privileged changes in all services, the newest first',
    tag: 'audit',
    permission: 'audit.read',
    query: z.strictObject({
      ...pageQuery,
      actor: idField.optional(),
      target: z.string().min(1).max(80).optional(),
      action: code.optional(),
      from: instantField.optional(),
      to: instantField.optional().describe('Before this moment'),
    }),
    answers: { 200: { description: 'A page', schema: pageSchema(AuditSchema) } },
  },
})
