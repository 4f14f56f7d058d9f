import { createHash } from 'node:crypto'
import { canonicalJson } from '@rollcall/http/canonical-json'
import type { AuditLogTable } from './tables.ts'

/** What a row's hash covers: all of it, and the row before by its hash. */
export type Chained = Omit<AuditLogTable, 'hash'>

const sha256 = (...parts: (string | Buffer)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Hides what it commits to from whoever has no salt, and binds whoever made it. */
export function commitmentOf(salt: Buffer, details: string): Buffer {
  return sha256(salt, details)
}

export function hashOf({ at, commitment, previous_hash, ...row }: Chained): Buffer {
  const text = canonicalJson({
    position: row.position,
    id: row.id,
    at: at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    targetType: row.target_type,
    targetId: row.target_id,
    traceId: row.trace_id,
    sourceId: row.source_id,
    commitment: commitment.toString('base64'),
  })
  return sha256(previous_hash, text)
}
