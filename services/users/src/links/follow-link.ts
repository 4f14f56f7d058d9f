import type { IncomingHttpHeaders } from 'node:http'
import { ok, okWith, pageAnswer, type RefusalPage, refusalPage } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { negotiateLanguage } from '@rollcall/i18n/negotiate'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { FollowedLink } from './api.ts'
import { hashToken } from './links.ts'
import { askPage, deadLinkPage, donePage } from './pages.ts'
import type { LinkPurpose } from './purpose.ts'
import { isLinkUsable } from './queries.ts'

interface Following {
  params: FollowedLink
  headers: IncomingHttpHeaders
  wantsHtml: boolean
}

interface LinkDeps {
  db: Kysely<UsersDatabase>
  clock: Clock
}

/**
 * What a link shows before it is used, which uses nothing up.
 *
 * @throws {DomainError} `InvalidToken`; where HTML is wanted a page says so
 */
export function showLink<State extends string>(deps: LinkDeps, purpose: LinkPurpose<State>, request: Following) {
  return forPeople(purpose, request, async () => {
    await requireUsable(deps, purpose, request.params)
    const { wantsHtml } = request
    return wantsHtml ? pageAnswer(askPage(purpose, languageOf(request))) : ok({ state: purpose.states.ask })
  })
}

/**
 * Uses a link by `use`, which throws {@link invalidToken} for a dead one, and shows what has been done.
 *
 * @param use gives headers of the answer
 */
export function showUse<State extends string, const Headers extends Record<string, string>>(
  purpose: LinkPurpose<State>,
  request: Following,
  use: () => Promise<Headers>,
) {
  return forPeople(purpose, request, async () => {
    const headers = await use()
    return request.wantsHtml
      ? { ...pageAnswer(donePage(purpose, languageOf(request))), headers }
      : okWith(headers, { state: purpose.states.done })
  })
}

/**
 * Before work that is dear: a dead link is refused at once. Whoever uses it decides again, within a transaction.
 *
 * @throws {DomainError} `InvalidToken`
 */
export async function requireUsable(
  { db, clock }: LinkDeps,
  purpose: LinkPurpose,
  { userId, token }: FollowedLink,
): Promise<void> {
  const use = { userId, purpose, tokenHash: hashToken(token), now: clock.now() }
  if (!(await isLinkUsable(db, use))) throw invalidToken()
}

/** Alike for a token that is used, expired, edited or somebody else's. */
export function invalidToken(): DomainError {
  return new DomainError('InvalidToken', 'this link is not valid any more')
}

function languageOf({ headers }: Pick<Following, 'headers'>): string {
  return negotiateLanguage({ acceptLanguage: headers['accept-language'] })
}

/** A person who follows a dead link, or fills in what is not taken, sees a page that says what to do, with the same status. */
async function forPeople<Given>(
  purpose: LinkPurpose,
  request: Following,
  give: () => Promise<Given>,
): Promise<Given | RefusalPage> {
  try {
    return await give()
  } catch (error) {
    if (!request.wantsHtml || !(error instanceof DomainError)) throw error
    const language = languageOf(request)
    if (error.code === 'InvalidToken') return refusalPage(error.status, deadLinkPage(language))
    const page = askPage(purpose, language, error)
    return refusalPage(error.status, page, error.extras.headers)
  }
}
