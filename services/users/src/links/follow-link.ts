import { ok, pageAnswer, type RefusalPage, refusalPage } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { html, renderPage } from '@rollcall/http/page'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { FollowedLink } from './api.ts'
import { hashToken } from './links.ts'
import type { LinkPurpose } from './purpose.ts'
import { isLinkUsable } from './queries.ts'

const language = 'en'

interface Following {
  params: FollowedLink
  wantsHtml: boolean
}

/**
 * What a link shows before it is used, which uses nothing up.
 *
 * @throws {DomainError} `InvalidToken`; where HTML is wanted a page says so
 */
export function showLink<State extends string>(
  { db, clock }: { db: Kysely<UsersDatabase>; clock: Clock },
  purpose: LinkPurpose<State>,
  { params: { userId, token }, wantsHtml }: Following,
) {
  return withDeadLinkPage(wantsHtml, async () => {
    const use = { userId, purpose, tokenHash: hashToken(token), now: clock.now() }
    if (!(await isLinkUsable(db, use))) throw invalidToken()
    return answer(purpose.ask, wantsHtml)
  })
}

/** Uses a link by `use`, which throws {@link invalidToken} for a dead one, and shows what has been done. */
export function showUse<State extends string>(
  purpose: LinkPurpose<State>,
  { wantsHtml }: Pick<Following, 'wantsHtml'>,
  use: () => Promise<unknown>,
) {
  return withDeadLinkPage(wantsHtml, async () => {
    await use()
    return answer(purpose.done, wantsHtml)
  })
}

/** Alike for a token that is used, expired, edited or somebody else's. */
export function invalidToken(): DomainError {
  return new DomainError('InvalidToken', 'this link is not valid any more')
}

function answer<State extends string>({ state, title, content }: LinkPurpose<State>['ask'], wantsHtml: boolean) {
  return wantsHtml ? pageAnswer(renderPage({ language, title, content })) : ok({ state })
}

/** A person who follows a dead link sees a page that says what to do, with the same status. */
async function withDeadLinkPage<Given>(wantsHtml: boolean, give: () => Promise<Given>): Promise<Given | RefusalPage> {
  try {
    return await give()
  } catch (error) {
    if (!wantsHtml || !(error instanceof DomainError) || error.code !== 'InvalidToken') throw error
    return refusalPage(error.status, deadLinkPage())
  }
}

function deadLinkPage(): string {
  return renderPage({
    language,
    title: 'This link does not work any more',
    content: html`<p>It has been used, has expired, or a newer one has been sent. Ask for a new one and use the latest mail.</p>`,
  })
}
