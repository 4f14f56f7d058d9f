import { implement, type Route } from '@rollcall/http/operation'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { showLink, showUse } from '../links/follow-link.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { lockoutsApi, type UnlockState } from './api.ts'
import { unlockAccount } from './unlock-account.ts'

export interface LockoutRouteDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  unlock: LinkPurpose<UnlockState>
}

export function lockoutRoutes(deps: LockoutRouteDeps): Route[] {
  const { unlock } = deps
  return implement(lockoutsApi, {
    showUnlock: (request) => showLink(deps, unlock, request),
    unlockAccount: (request) =>
      showUse(unlock, request, async () => ({ 'set-cookie': await unlockAccount(deps, request.params) })),
  })
}
