import type { Html } from '@rollcall/http/page'

/** One of the two things that a person sees behind a link, and that a program is told by its state. */
interface LinkPage<State extends string> {
  readonly state: State
  readonly title: string
  readonly content: Html
}

/**
 * What a mailed link is for. A token for one purpose is none for another; links of each void and limit only their own kind.
 * A new one is this declaration, its operations and the use case that `useLink` begins.
 */
export interface LinkPurpose<State extends string = string> {
  /** Stored with each token; never changed. */
  readonly name: string
  /** Milliseconds that a link works. */
  readonly lifetimeMs: number
  /** As its operations declare it, with `{userId}` and `{token}`. */
  readonly path: string
  /** What is sealed for the mail. */
  sealed(link: { url: string; expiresAt: string }): object
  /** Shown to whoever follows the link: it asks, and does nothing, because mail scanners follow links as well. */
  readonly ask: LinkPage<State>
  /** Shown when the link has been used. */
  readonly done: LinkPage<State>
}
