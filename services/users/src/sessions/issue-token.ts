import type { IncomingHttpHeaders } from 'node:http'
import { apiToken } from '@rollcall/access/token-kinds'
import { DomainError } from '@rollcall/http/errors'
import { clientOf } from './client.ts'
import { refreshSession } from './refresh-session.ts'
import type { SessionTokens } from './session-tokens.ts'
import { type SignInDeps, signIn } from './sign-in.ts'

interface TokenRequest {
  grant_type: string
  username?: string | undefined
  password?: string | undefined
  refresh_token?: string | undefined
  client_id?: string | undefined
  client_secret?: string | undefined
}

/**
 * The token endpoint of OAuth 2.0 (RFC 6749, sections 4.3 and 6), in the words of that standard.
 *
 * @throws {DomainError} as `signIn` and `refreshSession`; `Unauthenticated` for a client that is not ours (`invalid_client`),
 *   `BadRequest` for another grant or a missing parameter
 */
export async function issueToken(
  deps: SignInDeps,
  request: TokenRequest,
  from: { address: string; headers: IncomingHttpHeaders },
) {
  requireFirstParty(request, from.headers)
  const { accessToken, tokenType, expiresIn, refreshToken } = await grant(deps, request, from)
  return { access_token: accessToken, token_type: tokenType, expires_in: expiresIn, refresh_token: refreshToken }
}

function grant(
  deps: SignInDeps,
  { grant_type, username, password, refresh_token }: TokenRequest,
  from: { address: string; headers: IncomingHttpHeaders },
): Promise<SessionTokens> {
  const client = clientOf(from)
  switch (grant_type) {
    case 'password':
      return signIn(deps, {
        email: required('username', username),
        password: required('password', password),
        cookies: from.headers.cookie,
        client,
      })
    case 'refresh_token':
      return refreshSession(deps, { token: required('refresh_token', refresh_token), client })
    default:
      throw new DomainError('BadRequest', 'the grant type has to be password or refresh_token', {
        oauth: 'unsupported_grant_type',
      })
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new DomainError('BadRequest', `${name} is missing`, { oauth: 'invalid_request' })
  return value
}

/** First-party clients are public: they have no secret, and name themselves by the audience or not at all. */
function requireFirstParty({ client_id, client_secret }: TokenRequest, { authorization }: IncomingHttpHeaders): void {
  const isOurs = client_id === undefined || client_id === apiToken.audience
  if (isOurs && client_secret === undefined && authorization === undefined) return
  throw new DomainError('Unauthenticated', 'there is no such client', {
    oauth: 'invalid_client',
    headers: { 'www-authenticate': 'Basic realm="rollcall"' },
  })
}
