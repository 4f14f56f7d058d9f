import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { AuditLogTable } from './tables.ts'

type Logged = Pick<
  Selectable<AuditLogTable>,
  'position' | 'id' | 'at' | 'actor_kind' | 'actor_id' | 'action' | 'target_type' | 'target_id' | 'trace_id' | 'hash'
>

export interface AuditRow extends Logged {
  details: string | null
  actor_nickname: string | null
  target_nickname: string | null
}

interface AuditFilters {
  actor?: string | undefined
  target?: string | undefined
  action?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

export const newestFirst: Sort<AuditRow> = {
  name: '-position',
  column: sql.ref('audit_log.position'),
  id: sql.ref('audit_log.id'),
  kind: 'number',
  descending: true,
  value: (row) => row.position,
  idOf: (row) => row.id,
}

/** By the key of users: compared as text, each page would read all of them. */
const userTarget = sql<string>`case when audit_log.target_type = 'user' then audit_log.target_id::uuid end`

export function listAudit(
  db: Kysely<UsersDatabase>,
  { actor, target, action, from, to }: AuditFilters,
  request: PageRequest,
) {
  const filtered = db
    .selectFrom('audit_log')
    .leftJoin('audit_details', 'audit_details.position', 'audit_log.position')
    .leftJoin('users as actors', 'actors.id', 'audit_log.actor_id')
    .leftJoin('users as targets', (join) => join.on('targets.id', '=', userTarget))
    .$if(actor !== undefined, (query) => query.where('audit_log.actor_id', '=', actor as string))
    .$if(target !== undefined, (query) => query.where('audit_log.target_id', '=', target as string))
    .$if(action !== undefined, (query) => query.where('audit_log.action', '=', action as string))
    .$if(from !== undefined, (query) => query.where('audit_log.at', '>=', from as Date))
    .$if(to !== undefined, (query) => query.where('audit_log.at', '<', to as Date))
  const select = (query: typeof filtered) =>
    query.select([
      'audit_log.position',
      'audit_log.id',
      'audit_log.at',
      'actor_kind',
      'actor_id',
      'action',
      'target_type',
      'target_id',
      'trace_id',
      'hash',
      'details',
      'actors.nickname as actor_nickname',
      'targets.nickname as target_nickname',
    ])
  return findPage({ db, filtered, select, sort: newestFirst }, request)
}
