import { randomInt } from 'node:crypto'
import { adjectives, animals } from 'unique-names-generator'
import { z } from 'zod'

const MAX_LENGTH = 30

/** Names that would pass for the house itself, or for a part of a path. */
const RESERVED = new Set(
  `about account admin administrator anonymous api auth docs event events guest help info me moderator null official
  operator ops owner postmaster register rollcall root security settings signin signup staff support system team
  undefined user users webmaster www`.split(/\s+/),
)

export const nicknameField = z
  .string()
  .trim()
  .min(3, 'must be at least 3 characters')
  .max(MAX_LENGTH, `must be at most ${MAX_LENGTH} characters`)
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must start with a letter and hold letters, digits, _ and - only')
  .refine((name) => !RESERVED.has(name.toLowerCase()), 'is reserved')
  .meta({ example: 'clever-panda-4711' })

const plain = (word: string) => /^[a-z]{3,10}$/.test(word)
const firstWords = adjectives.filter(plain)
const secondWords = animals.filter(plain)

/** `clever-panda-4711`. */
export function generateNickname(): string {
  const pick = (words: string[]) => words[randomInt(words.length)]
  return `${pick(firstWords)}-${pick(secondWords)}-${randomInt(1000, 10_000)}`
}
