import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { ProfessionalRequestsTable } from './tables.ts'

export type ProfessionalRequest = Selectable<ProfessionalRequestsTable> & { nickname: string }

const columns = [
  'professional_requests.id',
  'user_id',
  'requested_at',
  'decided_at',
  'decision',
  'decided_by',
  'users.nickname',
] as const

export const byRequest: Sort<ProfessionalRequest> = {
  name: 'requestedAt',
  column: sql.ref('requested_at'),
  id: sql.ref('professional_requests.id'),
  kind: 'time',
  value: (request) => request.requested_at,
  idOf: (request) => request.id,
}

interface Wanted {
  status?: 'open' | 'decided' | undefined
  scope: 'below' | 'all'
}

export function listRequests(db: Kysely<UsersDatabase>, { status, scope }: Wanted, request: PageRequest) {
  const filtered = db
    .selectFrom('professional_requests')
    .innerJoin('users', 'users.id', 'professional_requests.user_id')
    .where('users.erased_at', 'is', null)
    .$if(scope === 'below', (query) => query.where('users.role', 'in', ['anonymous', 'authenticated', 'organizer']))
    .$if(status === 'open', (query) => query.where('decided_at', 'is', null))
    .$if(status === 'decided', (query) => query.where('decided_at', 'is not', null))
  return findPage({ db, filtered, select: (query) => query.select([...columns]), sort: byRequest }, request)
}

export function findRequest(db: Kysely<UsersDatabase>, id: string): Promise<ProfessionalRequest | undefined> {
  return db
    .selectFrom('professional_requests')
    .innerJoin('users', 'users.id', 'professional_requests.user_id')
    .select([...columns])
    .where('professional_requests.id', '=', id)
    .executeTakeFirst()
}

/** False where the person has an open one already. */
export async function insertRequest(
  tx: Transaction<UsersDatabase>,
  request: { id: string; userId: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into professional_requests (id, user_id, requested_at)
    values (${request.id}, ${request.userId}, ${request.now})
    on conflict do nothing returning id`.execute(tx)
  return rows.length === 1
}

interface Decision {
  userId: string
  decision: 'granted' | 'declined'
  actorId: string
  now: Date
}

/** Ends the person's open request. Gives its id; undefined where there is none: of two who decide at once one does. */
export async function decideOpenRequest(
  tx: Transaction<UsersDatabase>,
  { userId, decision, actorId, now }: Decision,
): Promise<string | undefined> {
  const row = await tx
    .updateTable('professional_requests')
    .set({ decision, decided_at: now, decided_by: actorId })
    .where('user_id', '=', userId)
    .where('decided_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row?.id
}
