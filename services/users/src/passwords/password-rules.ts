import { DomainError } from '@rollcall/http/errors'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { dictionary } from '@zxcvbn-ts/language-common'
import { z } from 'zod'

const MAX_BYTES = 256
const SHORT_MIN = 8
const LONG_MIN = 15

const COMMON = 'passwords-common'

/**
 * Whoever signs up chooses what the estimate has to work on, on the thread that answers everybody else. Without these
 * bounds `p@55w0rd` over and over takes a second. The longest common password has 20 characters.
 */
const estimator = new ZxcvbnFactory({
  dictionary: { [COMMON]: dictionary[COMMON] },
  /** Characters that are looked at. */
  maxLength: 32,
  /** Readings of digits and signs as letters that are tried. */
  l33tMaxSubstitutions: 20,
})

/** As many guesses as somebody who has the hash and the pepper makes in a year, at 10 a second. */
const FEWEST_GUESSES = 10 ** 8.5

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

/**
 * What is wrong with a password for this person, in words for them; undefined when it is good. Counted, classified and
 * looked up in its composed form (NFC), as it is hashed: two ways to type the same characters have one verdict.
 */
export function weaknessOf(typed: string, { email, nickname }: Owner): string | undefined {
  const password = typed.normalize('NFC')
  const length = [...password].length
  if (length < SHORT_MIN) return `must be at least ${SHORT_MIN} characters`
  if (length < LONG_MIN && !hasAllClasses(password)) {
    return `must have upper and lower case, a digit and a special character, or be at least ${LONG_MIN} characters`
  }
  if (isCommon(password)) return 'is among the most common passwords, or hardly differs from one'
  const lowered = password.toLowerCase()
  const mailbox = email.slice(0, email.lastIndexOf('@'))
  const forbidden = [
    ['your nickname', nickname],
    ['the name of your mailbox', mailbox],
    ['the name Rollcall', 'rollcall'],
  ] as const
  const contained = forbidden.find(([, word]) => word && word.length >= 3 && lowered.includes(word.toLowerCase()))
  return contained ? `must not contain ${contained[0]}` : undefined
}

/** @throws {DomainError} `ValidationError` that says of the field what is wrong, see {@link weaknessOf} */
export function requireStrong(field: string, password: string, owner: Owner): void {
  const weakness = weaknessOf(password, owner)
  if (weakness) throw new DomainError('ValidationError', `not accepted: ${field}`, { details: { [field]: weakness } })
}

function hasAllClasses(password: string): boolean {
  return [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].every((characters) => characters.test(password))
}

/**
 * Whether a password is built on one of the common ones (49 000 of them), with so little else that it is soon guessed: the
 * estimate sees through case, digits for letters, reversal, repetition, and signs at either end.
 */
function isCommon(password: string): boolean {
  const { guesses, sequence } = estimator.check(password)
  return guesses < FEWEST_GUESSES && sequence.some(isBuiltOnCommon)
}

type Match = ReturnType<typeof estimator.check>['sequence'][number]

function isBuiltOnCommon({ pattern, dictionaryName }: Match): boolean {
  return pattern === 'repeat' || dictionaryName === COMMON
}
