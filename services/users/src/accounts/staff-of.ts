import type { Caller } from '@rollcall/access/caller'
import type { Scope } from '@rollcall/access/permissions'
import type { Staff } from '../accounts/account-actions.ts'

/** Who acts, by how far their permission reaches. */
export function staffOf({ id }: Caller, scope: Scope): Staff {
  return { kind: scope === 'all' ? 'admin' : 'manager', id }
}
