/** A kind of token: none is taken where another is expected (RFC 8725, section 3.11). */
export interface TokenKind {
  /** `typ` of its header. */
  typ: string
  /** `aud` of its claims. */
  audience: string
}

/** Access tokens of the API (RFC 9068). */
export const apiToken: TokenKind = { typ: 'at+jwt', audience: 'rollcall' }

/** Opens the operators' pages in a browser. */
export const opsToken: TokenKind = { typ: 'ops+jwt', audience: 'rollcall-ops' }

/** Holds an {@link opsToken}. `__Host-` ties it to this very host, over a connection that the browser takes for secure. */
export const OPS_COOKIE = '__Host-rollcall-ops'
