/** What a mailed link is for: a token for one purpose is none for another. */
export interface LinkPurpose {
  /** Stored with each token; never changed. */
  readonly name: string
  /** Milliseconds that a link works. */
  readonly lifetimeMs: number
  path(userId: string, token: string): string
  /** What is sealed for the mail. */
  sealed(link: { url: string; expiresAt: string }): object
}
