import type { Transaction } from 'kysely'
import type { AuditTables } from './tables.ts'

/** Forgets what the log says about somebody beyond that it happened; the chain still verifies. */
export async function eraseAuditDetails<Tables extends AuditTables>(
  transaction: Transaction<Tables>,
  targetId: string,
): Promise<void> {
  const tx = transaction as unknown as Transaction<AuditTables>
  await tx
    .deleteFrom('audit_details')
    .where('position', 'in', (where) =>
      where.selectFrom('audit_log').select('position').where('target_id', '=', targetId),
    )
    .execute()
}
