import { dictionary } from '@zxcvbn-ts/language-common'
import { z } from 'zod'

const MAX_BYTES = 256
const SHORT_MIN = 8
const LONG_MIN = 15

const commonPasswords = new Set(dictionary['passwords-common'])

/** Only what can be hashed at all; whether it is a good password depends on whose it is, see {@link weaknessOf}. */
export const passwordField = z
  .string()
  .refine((password) => password.isWellFormed() && !password.includes('\0'), 'must be well-formed text without NUL')
  .refine((password) => Buffer.byteLength(password) <= MAX_BYTES, `must be at most ${MAX_BYTES} bytes`)
  .meta({ format: 'password', maxLength: MAX_BYTES, minLength: SHORT_MIN, example: 'Correct horse 7!' })

interface Owner {
  email: string
  nickname?: string | undefined
}

/** What is wrong with a password for this person, in words for them; undefined when it is good. */
export function weaknessOf(password: string, { email, nickname }: Owner): string | undefined {
  const length = [...password.normalize('NFC')].length
  if (length < SHORT_MIN) return `must be at least ${SHORT_MIN} characters`
  if (length < LONG_MIN && !hasAllClasses(password)) {
    return `must have upper and lower case, a digit and a special character, or be at least ${LONG_MIN} characters`
  }
  const lowered = password.toLowerCase()
  if (commonPasswords.has(lowered)) return 'is among the most common passwords'
  const mailbox = email.slice(0, email.lastIndexOf('@'))
  const forbidden = [
    ['your nickname', nickname],
    ['the name of your mailbox', mailbox],
    ['the name Rollcall', 'rollcall'],
  ] as const
  const contained = forbidden.find(([, word]) => word && word.length >= 3 && lowered.includes(word.toLowerCase()))
  return contained ? `must not contain ${contained[0]}` : undefined
}

function hasAllClasses(password: string): boolean {
  return [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].every((characters) => characters.test(password))
}
