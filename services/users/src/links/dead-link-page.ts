import { type RefusalPage, refusalPage } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { html, renderPage } from '@rollcall/http/page'

/** Alike for a token that is used, expired, edited or somebody else's. */
export function invalidToken(): DomainError {
  return new DomainError('InvalidToken', 'this link is not valid any more')
}

/** A person who follows a dead link sees a page that says what to do, with the same status. */
export async function withDeadLinkPage<Given>(
  wantsHtml: boolean,
  answer: () => Promise<Given>,
): Promise<Given | RefusalPage> {
  try {
    return await answer()
  } catch (error) {
    if (!wantsHtml || !(error instanceof DomainError) || error.code !== 'InvalidToken') throw error
    return refusalPage(error.status, deadLinkPage())
  }
}

function deadLinkPage(): string {
  return renderPage({
    language: 'en',
    title: 'This link does not work any more',
    content: html`<p>It has been used, has expired, or a newer one has been sent. Ask for a new one and use the latest mail.</p>`,
  })
}
