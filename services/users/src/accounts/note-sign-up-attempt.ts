import type { Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { takeMail } from '../links/mail-limit.ts'
import { mayAct } from './account-actions.ts'
import { changeUser } from './change-user.ts'
import { findUserByEmail, lockUser } from './queries.ts'

const by = { kind: 'anybody' } as const

/** Has the owner of an address told that somebody signed up with it, as often as a mailbox may get such a mail. */
export async function noteSignUpAttempt(tx: Transaction<UsersDatabase>, emailKey: string, now: Date): Promise<void> {
  const known = await findUserByEmail(tx, emailKey)
  const user = known && (await lockUser(tx, known.id))
  if (!user || !mayAct('noteSignUpAttempt', user, by)) return
  if (!(await takeMail(tx, user, { purpose: { name: 'sign-up-notice' }, now }))) return
  await changeUser(tx, { action: 'noteSignUpAttempt', by, user, data: { userId: user.id }, now })
}
