import { toASCII } from 'tr46'
import { z } from 'zod'
import { CONTROL, textField } from './fields.ts'

const MAX_BYTES = 254
const MAX_LOCAL_BYTES = 64

/** RFC 5321 dot-string; quoted local parts are legal, unused, and a way to smuggle separators. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/

interface Address {
  local: string
  /** In ASCII form, lower case. */
  domain: string
}

/** What no eye sees, but for the joiners of Persian and Indic scripts: UTS 46 takes those where they change what is seen. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}--[\u200c\u200d]]/v

/** An address in the one form that is stored, answered, mailed to and compared; or the first thing that is wrong with it. */
function read(text: string): Address | string {
  if (Buffer.byteLength(text) > MAX_BYTES) return `must be at most ${MAX_BYTES} bytes`
  const at = text.lastIndexOf('@')
  if (at === -1) return 'must contain an @'
  const local = text.slice(0, at)
  const typed = text.slice(at + 1)
  if (local === '') return 'must have a part before the @'
  if (local.length > MAX_LOCAL_BYTES || !LOCAL_PART.test(local)) {
    return 'has a part before the @ that no mailbox can have'
  }
  if (typed === '') return 'must have a domain after the @'
  if (!typed.includes('.')) return 'must have a domain with a dot, such as example.org'
  const domain = asciiDomain(typed)
  if (domain === undefined) return 'has a domain that cannot exist'
  return local.length + 1 + domain.length > MAX_BYTES ? `must be at most ${MAX_BYTES} bytes` : { local, domain }
}

/**
 * A domain's ASCII form by UTS 46, non-transitional: by a table that comes with a package, so that it is the same on every
 * version of Node. A label that is not ASCII but folds onto one that is (full-width letters, invisible characters, the
 * Kelvin sign) is another mailbox than the one that is seen, and is not taken.
 */
function asciiDomain(typed: string): string | undefined {
  if (INVISIBLE.test(typed) || [...typed].some(foldsOntoAscii)) return undefined
  const domain = toASCII(typed, {
    transitionalProcessing: false,
    useSTD3ASCIIRules: true,
    checkHyphens: true,
    checkBidi: true,
    checkJoiners: true,
    verifyDNSLength: true,
  })
  const labels = domain?.split('.') ?? []
  if (domain === null || labels.length < 2 || /^\d+$/.test(labels.at(-1) ?? '')) return undefined
  // UTS 46 knows another dot, which separates labels as well.
  const seen = typed.split(/[.\u3002\uff61]/)
  const folds = labels.some((label, index) => isUnicode(seen[index] ?? '') && !label.startsWith('xn--'))
  return folds || seen.length !== labels.length ? undefined : domain
}

/** Full-width letters, letters of formulas, the Kelvin sign: beside an umlaut as well they stand for another letter. */
function foldsOntoAscii(character: string): boolean {
  return isUnicode(character) && /[\x21-\x7e]/.test(character.normalize('NFKC'))
}

function isUnicode(text: string): boolean {
  return [...text].some((character) => (character.codePointAt(0) ?? 0) > 0x7f)
}

/** Gives the address in its one form: as typed before the @, the domain in ASCII. */
export const emailField = z
  .string()
  .trim()
  .transform((text, context) => {
    const address = read(text)
    if (typeof address !== 'string') return `${address.local}@${address.domain}`
    context.addIssue({ code: 'custom', message: address })
    return z.NEVER
  })
  .meta({ format: 'email', maxLength: MAX_BYTES, example: 'ada@example.org' })

/** An address as somebody types it to sign in: what no account can have simply opens none. */
export const typedEmailField = textField({ min: 3, max: MAX_BYTES })
  .trim()
  .regex(/@/, 'must contain an @')
  .meta({ pattern: `^[^${CONTROL}]*@[^${CONTROL}]*$` })

/**
 * Two addresses are the same account when their keys are equal. What is no address has a key that no account has: nothing
 * that is typed folds onto somebody else's mailbox.
 */
export function emailKey(typed: string): string {
  const address = read(typed.trim())
  return typeof address === 'string' ? '' : `${address.local.toLowerCase()}@${address.domain}`
}
