import type { Clock } from '@rollcall/runtime/clock'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { findUserByEmail, lockUser } from '../accounts/queries.ts'
import type { Links } from '../links/links.ts'
import { takeMail } from '../links/mail-limit.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { storeLink } from '../links/queries.ts'
import type { MailLink } from '../links/requests.ts'

interface Deps {
  clock: Clock
  links: Links
  verification: LinkPurpose
}

const anybody = { kind: 'anybody' } as const

/** Mails a new link and voids those before it. Silent about unknown, verified and limited addresses alike. */
export function resendVerification({ clock, links, verification }: Deps): MailLink {
  return async (tx, emailKey) => {
    const now = clock.now()
    const known = await findUserByEmail(tx, emailKey)
    const user = known && (await lockUser(tx, known.id))
    if (!user || !mayAct('requestVerification', user, anybody)) return
    if (!(await takeMail(tx, user, { purpose: verification, now }))) return
    const link = await links.issue(verification, user.id, { now })
    await storeLink(tx, user, { link, now })
    const data = { userId: user.id, sealed: link.sealed }
    await changeUser(tx, { action: 'requestVerification', by: anybody, user, data, now })
  }
}
