import type { Transaction } from 'kysely'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { Links } from '../links/links.ts'
import { takeMail } from '../links/mail-limit.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { storeLink } from '../links/queries.ts'

interface Deps {
  links: Links
  unlock: LinkPurpose
}

interface LockOut {
  userId: string
  until: Date
  now: Date
}

/** Bars sign-in by password for a while; sessions go on, and the owner is mailed a link that opens it again. */
export async function lockOut(tx: Transaction<UsersDatabase>, deps: Deps, { userId, until, now }: LockOut) {
  const user = await lockUser(tx, userId)
  if (!user || user.erased_at) return
  const sealed = await mailedLink(tx, deps, { user, now })
  const data = { userId, cause: 'failed-sign-ins' as const, until: until.toISOString(), ...(sealed ? { sealed } : {}) }
  const changes = { locked_until: until, lockouts: user.lockouts + 1 }
  await changeUser(tx, { action: 'lockOut', by: { kind: 'system' }, user, changes, data, now })
}

/** Undefined where no mail goes out: the address is not proven, or its mailbox has had enough; the links before still work. */
async function mailedLink(
  tx: Transaction<UsersDatabase>,
  { links, unlock: purpose }: Deps,
  { user, now }: { user: User; now: Date },
): Promise<string | undefined> {
  if (!user.email_verified || user.locked || !(await takeMail(tx, user, { purpose, now }))) return undefined
  const link = await links.issue(purpose, user.id, { now })
  await storeLink(tx, user, { link, now })
  return link.sealed
}
