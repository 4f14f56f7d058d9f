import type { Generated } from 'kysely'

/** The last row of the log; locked by whoever adds the next one, so that rows follow each other in order of commit. */
interface AuditHeadTable {
  singleton: Generated<boolean>
  position: number
  hash: Buffer
}

export interface AuditLogTable {
  /** Without gaps, from 1. */
  position: number
  id: string
  at: Date
  /** `manager`, `admin`, `command`, or `user` where another service knows no more. */
  actor_kind: string
  actor_id: string | null
  action: string
  target_type: string
  target_id: string
  trace_id: string | null
  /** The fact of another service that the row comes from. */
  source_id: string | null
  /** SHA-256 over salt and details: the chain covers it, the details may be erased. */
  commitment: Buffer
  previous_hash: Buffer
  hash: Buffer
}

interface AuditDetailsTable {
  position: number
  salt: Buffer
  /** Canonical JSON of reason, before and after. */
  details: string
}

export interface AuditTables {
  audit_head: AuditHeadTable
  audit_log: AuditLogTable
  audit_details: AuditDetailsTable
}
