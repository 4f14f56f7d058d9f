import { z } from 'zod'
import type { DomainError } from './errors.ts'
import type { ProblemCode } from './problems.ts'

/** Codes of RFC 6749, section 5.2. */
export const oauthCodes = ['invalid_request', 'invalid_client', 'invalid_grant', 'unsupported_grant_type'] as const

export type OAuthCode = (typeof oauthCodes)[number]

export const OAuthErrorSchema = z
  .object({ error: z.enum(oauthCodes), error_description: z.string() })
  .meta({ id: 'OAuthError', description: 'A refusal by RFC 6749, section 5.2' })

/** What a refusal is called there; what is missing has no name there, and stays a problem. */
const byProblem: Partial<Record<ProblemCode, OAuthCode>> = {
  BadRequest: 'invalid_request',
  ValidationError: 'invalid_request',
  InvalidCredentials: 'invalid_grant',
  EmailNotVerified: 'invalid_grant',
  InvalidToken: 'invalid_grant',
  Unauthenticated: 'invalid_client',
}

export function oauthCodeOf({ code, extras }: DomainError): OAuthCode | undefined {
  return extras.oauth ?? byProblem[code]
}

export function oauthStatus(code: OAuthCode): 400 | 401 {
  return code === 'invalid_client' ? 401 : 400
}

/** Whether RFC 6749 has a name for such a refusal. */
export function isNamedByOAuth(code: ProblemCode): boolean {
  return code in byProblem
}

/** The description holds only characters that RFC 6749 allows: printable ASCII without quotes and backslashes. */
export function oauthBody(code: OAuthCode, message: string): z.infer<typeof OAuthErrorSchema> {
  return { error: code, error_description: message.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]+/g, ' ') }
}
