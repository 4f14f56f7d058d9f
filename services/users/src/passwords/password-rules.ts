import { DomainError } from '@rollcall/http/errors'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { dictionary } from '@zxcvbn-ts/language-common'
import { z } from 'zod'

const MAX_BYTES = 256
const SHORT_MIN = 8
const LONG_MIN = 15

const COMMON = 'passwords-common'
const COMMON_MESSAGE = 'is among the most common passwords, or hardly differs from one'

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

/** Only what can be hashed at all; whether it is a good password depends on whose it is, see {@link weaknessesOf}. */
export const passwordField = z
  .string()
  .refine((password) => password.isWellFormed() && !password.includes('\0'), 'must be well-formed text without NUL')
  .refine((password) => Buffer.byteLength(password) <= MAX_BYTES, `must be at most ${MAX_BYTES} bytes`)
  .meta({ format: 'password', maxLength: MAX_BYTES, minLength: SHORT_MIN, example: 'Correct horse 7!' })

interface Owner {
  email: string
  nickname?: string | undefined
}

/** Parts of the rule that a password may break. Stable: clients branch on them. */
export type Weakness =
  | 'tooShort'
  | 'noUpperCase'
  | 'noLowerCase'
  | 'noDigit'
  | 'noSpecial'
  | 'common'
  | 'containsNickname'
  | 'containsMailbox'
  | 'containsRollcall'

/**
 * What is wrong with a password for this person: each broken part of the rule with words for them; nothing when it is good.
 * Counted, classified and looked up in its composed form (NFC), as it is hashed: two ways to type the same characters have
 * one verdict.
 */
export function weaknessesOf(typed: string, owner: Owner): Partial<Record<Weakness, string>> {
  const password = typed.normalize('NFC')
  const length = [...password].length
  const form = {
    ...(length < SHORT_MIN ? { tooShort: `must be at least ${SHORT_MIN} characters` } : {}),
    ...(length < LONG_MIN ? missingClasses(password) : {}),
  }
  // Of what has not even the form it is of no use to say more.
  const isWellFormed = Object.keys(form).length === 0
  return {
    ...form,
    ...(isWellFormed && isCommon(password) ? { common: COMMON_MESSAGE } : {}),
    ...containedIn(password, owner),
  }
}

const classes = [
  ['noUpperCase', /\p{Lu}/u, 'an upper-case letter'],
  ['noLowerCase', /\p{Ll}/u, 'a lower-case letter'],
  ['noDigit', /\p{Nd}/u, 'a digit'],
  ['noSpecial', /[^\p{L}\p{Nd}]/u, 'a special character'],
] as const

function missingClasses(password: string): Partial<Record<Weakness, string>> {
  const missing = classes.filter(([, characters]) => !characters.test(password))
  return Object.fromEntries(
    missing.map(([code, , what]) => [code, `needs ${what}, or at least ${LONG_MIN} characters`]),
  )
}

function containedIn(password: string, { nickname, email }: Owner): Partial<Record<Weakness, string>> {
  const lowered = password.toLowerCase()
  const forbidden = [
    ['containsNickname', 'your nickname', nickname],
    ['containsMailbox', 'the name of your mailbox', email.slice(0, email.lastIndexOf('@'))],
    ['containsRollcall', 'the name Rollcall', 'rollcall'],
  ] as const
  const found = forbidden.filter(([, , word]) => word && word.length >= 3 && lowered.includes(word.toLowerCase()))
  return Object.fromEntries(found.map(([code, what]) => [code, `must not contain ${what}`]))
}

/**
 * @throws {DomainError} `ValidationError`: of the field all that is wrong in one sentence, and each broken part by its code,
 *   `password.noDigit`, see {@link weaknessesOf}
 */
export function requireStrong(field: string, password: string, owner: Owner): void {
  const weaknesses = Object.entries(weaknessesOf(password, owner))
  if (weaknesses.length === 0) return
  const details = {
    [field]: weaknesses.map(([, message]) => message).join('; '),
    ...Object.fromEntries(weaknesses.map(([code, message]) => [`${field}.${code}`, message])),
  }
  throw new DomainError('ValidationError', `not accepted: ${field}`, { details })
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
