import type { z } from 'zod'
import { DomainError } from './errors.ts'

/**
 * Parses what came from outside.
 *
 * @throws {DomainError} `ValidationError` with a message per field; only for input, so that a ZodError from anywhere
 *   else stays what it is: a fault of ours.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  // Without a prototype, so that a member named `constructor` is one like any other.
  const details: Record<string, string> = Object.create(null)
  for (const issue of result.error.issues) {
    for (const [field, message] of fieldMessages(issue)) details[field] ??= message
  }
  const fields = Object.keys(details).join(', ')
  throw new DomainError('ValidationError', `not accepted: ${fields}`, { details })
}

function fieldMessages(issue: z.core.$ZodIssue): [string, string][] {
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => [path === '' ? key : `${path}.${key}`, 'is not a known member'])
  }
  return [[path === '' ? 'body' : path, issue.message]]
}
