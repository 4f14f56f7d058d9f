import type { Recipient } from '../projections/tables.ts'
import { oneLine } from '../rendering/escaping.ts'
import type { Addressee } from './mail-content.ts'

/** Undefined for somebody who has been erased: nobody writes to them. */
export function addresseeOf(recipient: Recipient | null): Addressee | undefined {
  if (!recipient || recipient.erased) return undefined
  const { email, email_verified, nickname, first_name, locale, time_zone } = recipient
  if (email === null || nickname === null || locale === null || time_zone === null) return undefined
  const name = greeting({ nickname, first_name, email_verified })
  return { email, name, nickname, locale, timeZone: time_zone }
}

type Named = Pick<Recipient, 'first_name' | 'email_verified'> & { nickname: string }

/**
 * By first name, in one line as it is shown, else by nickname. Whoever signs up with somebody else's address chooses a
 * name that is mailed to them under our letterhead: until the address is proven, a name that mail programs turn into a link
 * is not shown. A nickname cannot be one: it holds letters, digits, `-` and `_` only.
 */
function greeting({ nickname, first_name, email_verified }: Named): string {
  const name = oneLine(first_name ?? '')
  if (name === '') return nickname
  return !email_verified && becomesLink(name) ? nickname : name
}

/**
 * Addresses of the web and of mailboxes, as mail programs find them in plain text: a scheme, a slash, an @, or a dot, of
 * whatever script, between two characters.
 */
const LINK = /[@/\\:]|[^\s.][.\u2024\u3002\uff0e\uff61][^\s.]|\bwww\b/iu

export function becomesLink(name: string): boolean {
  return LINK.test(name.normalize('NFKC')) || LINK.test(name)
}
