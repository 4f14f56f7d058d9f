import { message } from '@rollcall/contracts/message'
import { EmailVerificationRequested } from '@rollcall/contracts/users'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import { addMilliseconds, type Clock, hours } from '@rollcall/runtime/clock'
import { emailKey } from '../accounts/email-address.ts'
import { findUserByEmail, lockUser, updateUser } from '../accounts/queries.ts'
import { accountActions, userSnapshot } from '../accounts/user.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { countMailsSince, noteMail, voidTokens } from './queries.ts'
import type { VerificationLinks } from './verification-link.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
  verificationLinks: VerificationLinks
}

/** Nobody can flood a mailbox that is not theirs. The mail of the sign-up is not counted. */
const MAILS_PER_HOUR = 3

/** Mails a new link and voids those before it. Silent about unknown, verified and limited addresses alike. */
export async function resendVerification({ transact, clock, verificationLinks }: Deps, email: string): Promise<void> {
  const now = clock.now()
  await transact(async (tx) => {
    const known = await findUserByEmail(tx, emailKey(email))
    const user = known && (await lockUser(tx, known.id))
    if (!user || !accountActions.verify.allowed(user)) return
    if ((await countMailsSince(tx, user.id, addMilliseconds(now, -hours(1)))) >= MAILS_PER_HOUR) return
    await noteMail(tx, user.id, now)
    await voidTokens(tx, user.id)
    const link = await verificationLinks.create(user.id, now)
    const changed = await updateUser(tx, user.id, { updated_at: now })
    await verificationLinks.store(tx, { link, user: changed })
    const fact = message(EmailVerificationRequested, {
      data: { userId: user.id, sealed: link.sealed },
      sequence: changed.version,
      at: now,
    })
    await appendToOutbox(tx, userSnapshot(changed, now), fact)
  })
}
