import { isDeepStrictEqual } from 'node:util'
import { isOpen } from '@rollcall/access/permissions'
import type { Answer } from './answers.ts'
import type { Operation } from './operation.ts'
import type { ProblemCode } from './problems.ts'

/** Whether a request has to come from a page of ours: it changes something by a cookie, or says so itself. */
export function needsOwnOrigin({ method, credential, ownOriginOnly }: Operation): boolean {
  return ownOriginOnly === true || (method !== 'get' && credential === 'ops-cookie')
}

/** Media types that a body may have. */
export function bodyTypes(form: Operation['form']): readonly string[] {
  const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' }
  if (form === 'too') return [types.json, types.form]
  return [form ? types.form : types.json]
}

/** What any operation of this kind may answer, beside the codes that it names itself. */
export function problemsOf(operation: Operation): ReadonlySet<ProblemCode> {
  const { permission, params, query, body, idempotent, problems = [] } = operation
  const needsInput = params !== undefined || query !== undefined || body !== undefined || idempotent === true
  return new Set<ProblemCode>([
    'BadRequest',
    ...(permission === 'public' ? [] : (['Unauthenticated'] as const)),
    ...(isOpen(permission) && !needsOwnOrigin(operation) ? [] : (['Forbidden'] as const)),
    'NotFound',
    ...(body ? (['PayloadTooLarge', 'UnsupportedMediaType'] as const) : []),
    ...(needsInput ? (['ValidationError'] as const) : []),
    ...(idempotent ? (['IdempotencyKeyReused'] as const) : []),
    'RateLimited',
    'Unavailable',
    ...problems,
  ])
}

/** An operation has answered what it does not declare. */
class Undeclared extends TypeError {
  override readonly name = 'Undeclared'
}

/**
 * Holds an answer against its operation; tests run every service with it.
 *
 * @throws {TypeError} for a status, a member, a type or a header that is not as declared
 */
export function requireDeclared(id: string, operation: Operation, answer: Answer): void {
  if ('refusal' in answer) return
  const described = operation.answers[answer.status]
  if (!described) throw new Undeclared(`${id} answers ${answer.status}, which it does not declare`)
  for (const name of Object.keys(described.headers ?? {})) {
    if (!answer.headers?.[name.toLowerCase()]) throw new Undeclared(`${id} lacks the header ${name}`)
  }
  if (answer.body === undefined || !described.schema) return
  const sent: unknown = JSON.parse(JSON.stringify(answer.body))
  const { data, error } = described.schema.safeParse(sent)
  if (error) throw new Undeclared(`${id} answers another body than it declares: ${error.message}`)
  // Parsing leaves out what the schema does not name.
  if (!isDeepStrictEqual(data, sent)) throw new Undeclared(`${id} answers members that it does not declare`)
}

/** @throws {TypeError} for a code that the operation may not answer */
export function requireDeclaredProblem(id: string, operation: Operation, code: ProblemCode): void {
  if (code === 'Internal' || problemsOf(operation).has(code)) return
  throw new Undeclared(`${id} answers ${code}, which it does not declare`)
}
