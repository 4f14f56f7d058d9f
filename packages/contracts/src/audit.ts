import { z } from 'zod'
import { defineFact } from './define.ts'
import { code, id, time } from './fields.ts'

/** A privileged change made outside users, for the one audit log there. */
export const AuditRecorded = defineFact({
  type: 'audit.recorded',
  version: 1,
  aggregate: 'audit',
  source: '/events',
  key: (data) => data.targetId,
  data: z.strictObject({ actorId: id, action: code, targetType: code, targetId: id, at: time }),
})

export const auditMessages = [AuditRecorded] as const
