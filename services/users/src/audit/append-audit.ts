import { randomBytes } from 'node:crypto'
import { canonicalJson } from '@rollcall/http/canonical-json'
import { newId } from '@rollcall/runtime/ids'
import { currentTraceId } from '@rollcall/runtime/trace'
import type { Transaction } from 'kysely'
import { commitmentOf, hashOf } from './chain.ts'
import type { AuditTables } from './tables.ts'

export interface AuditEntry {
  actor: { kind: string; id: string | null }
  /** A code: `change-role`. */
  action: string
  target: { type: string; id: string }
  reason?: string | undefined
  /** What was changed, by its names in answers. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  at: Date
  /** The fact of another service that tells of the change: it is taken once. */
  sourceId?: string
}

/** 128 bits: nobody finds details that have been erased by trying. */
const SALT_BYTES = 16

/**
 * Adds a row to the log, within the transaction of the change that it tells of. Rows wait for each other by the head's lock,
 * which is taken last but for the outbox's rows.
 */
export async function appendAudit<Tables extends AuditTables>(
  transaction: Transaction<Tables>,
  { actor, action, target, reason, before, after, at, sourceId }: AuditEntry,
): Promise<void> {
  // Kysely<T> is invariant in T; the constraint above already proves that the tables exist.
  const tx = transaction as unknown as Transaction<AuditTables>
  const head = await tx.selectFrom('audit_head').select(['position', 'hash']).forUpdate().executeTakeFirstOrThrow()
  if (sourceId !== undefined && (await isTaken(tx, sourceId))) return
  const details = canonicalJson({ reason: reason ?? null, before: before ?? null, after: after ?? null })
  const salt = randomBytes(SALT_BYTES)
  const row = {
    position: head.position + 1,
    id: newId(),
    at,
    actor_kind: actor.kind,
    actor_id: actor.id,
    action,
    target_type: target.type,
    target_id: target.id,
    trace_id: currentTraceId() ?? null,
    source_id: sourceId ?? null,
    commitment: commitmentOf(salt, details),
    previous_hash: head.hash,
  }
  const hash = hashOf(row)
  await tx
    .insertInto('audit_log')
    .values({ ...row, hash })
    .execute()
  await tx.insertInto('audit_details').values({ position: row.position, salt, details }).execute()
  await tx.updateTable('audit_head').set({ position: row.position, hash }).execute()
}

async function isTaken(tx: Transaction<AuditTables>, sourceId: string): Promise<boolean> {
  const row = await tx.selectFrom('audit_log').select('position').where('source_id', '=', sourceId).executeTakeFirst()
  return row !== undefined
}
