/**
 * What a mailed link is for. A token for one purpose is none for another; links of each void and limit only their own kind.
 * A new one is this declaration, its texts (`locales/<language>/pages.json`, by its name), its operations and the use case
 * that `useLink` begins.
 */
export interface LinkPurpose<State extends string = string> {
  /** Stored with each token; never changed. */
  readonly name: string
  /** Milliseconds that a link works. */
  readonly lifetimeMs: number
  /** As its operations declare it, with `{userId}` and `{token}`. */
  readonly path: string
  /** Works each time until it ends, also beside newer ones. Default: once, and only the newest. */
  readonly reusable?: boolean
  /** What the page asks for beside a click. */
  readonly asksFor?: 'new-password'
  /** What a program is told: of a link that works, and of one that has been used. */
  readonly states: { readonly ask: State; readonly done: State }
  /** What is sealed for the mail. */
  sealed(link: { url: string; expiresAt: string }): object
}
