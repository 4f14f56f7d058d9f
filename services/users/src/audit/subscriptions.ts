import { AuditRecorded } from '@rollcall/contracts/audit'
import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { appendAudit } from './append-audit.ts'

/** Takes what other services tell of privileged changes into the one log: in the order in which it arrives, once each. */
export function auditSubscriptions(db: Kysely<UsersDatabase>): Subscription[] {
  return [
    on(AuditRecorded, 'audit', async (facts) => {
      await db.transaction().execute(async (tx) => {
        for (const { id, data } of facts) {
          const { actorId, action, targetType, targetId, at } = data
          await appendAudit(tx, {
            actor: { kind: 'user', id: actorId },
            action,
            target: { type: targetType, id: targetId },
            at: new Date(at),
            sourceId: id,
          })
        }
      })
    }),
  ]
}
