import type { Kysely } from 'kysely'
import { commitmentOf, hashOf } from './chain.ts'
import type { AuditTables } from './tables.ts'

const BATCH = 1000

export interface Verdict {
  /** Rows that were looked at. */
  rows: number
  /** What is wrong, by position; nothing when the log is whole. */
  faults: string[]
}

/** Walks the whole log: each row follows the one before it, is as it was written, and the last one is the head. */
export async function verifyChain<Tables extends AuditTables>(database: Kysely<Tables>): Promise<Verdict> {
  const db = database as unknown as Kysely<AuditTables>
  const faults: string[] = []
  let last: { position: number; hash: Buffer } = { position: 0, hash: Buffer.alloc(0) }
  for (;;) {
    const rows = await rowsAfter(db, last.position)
    for (const { salt, details, hash, ...row } of rows) {
      const at = `row ${row.position}`
      if (row.position !== last.position + 1)
        faults.push(`rows ${last.position + 1} to ${row.position - 1} are missing`)
      else if (!row.previous_hash.equals(last.hash))
        faults.push(`${at} does not follow the row before it: moved, or that one was edited`)
      if (!hashOf(row).equals(hash)) faults.push(`${at} was edited`)
      if (salt && details !== null && !commitmentOf(salt, details).equals(row.commitment)) {
        faults.push(`the details of ${at} were edited`)
      }
      last = { position: row.position, hash }
    }
    if (rows.length < BATCH) break
  }
  const head = await db.selectFrom('audit_head').select(['position', 'hash']).executeTakeFirst()
  if (!head || head.position !== last.position || !head.hash.equals(last.hash)) {
    faults.push(`the last row is ${last.position}, and the head says ${head?.position ?? 'nothing'}`)
  }
  return { rows: last.position, faults }
}

function rowsAfter(db: Kysely<AuditTables>, position: number) {
  return db
    .selectFrom('audit_log')
    .leftJoin('audit_details', 'audit_details.position', 'audit_log.position')
    .select([
      'audit_log.position',
      'id',
      'at',
      'actor_kind',
      'actor_id',
      'action',
      'target_type',
      'target_id',
      'trace_id',
      'source_id',
      'commitment',
      'previous_hash',
      'hash',
      'salt',
      'details',
    ])
    .where('audit_log.position', '>', position)
    .orderBy('audit_log.position')
    .limit(BATCH)
    .execute()
}
