import { addMilliseconds, hours } from '@rollcall/runtime/clock'
import type { Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { LinkPurpose } from './purpose.ts'
import { countMails, forgetMails, type Mailed, noteMail } from './queries.ts'

/** For each purpose: nobody can flood a mailbox that is not theirs. The mail of the sign-up is not counted. */
const MAILS_PER_HOUR = 3

/** Takes one of the mails that may go to this mailbox within an hour; false when there is none left. */
export async function takeMail(
  tx: Transaction<UsersDatabase>,
  mailed: Mailed,
  { purpose, now }: { purpose: Pick<LinkPurpose, 'name'>; now: Date },
): Promise<boolean> {
  const since = addMilliseconds(now, -hours(1))
  await forgetMails(tx, mailed.id, since)
  if ((await countMails(tx, mailed, { purpose, since })) >= MAILS_PER_HOUR) return false
  await noteMail(tx, mailed, { purpose, now })
  return true
}
