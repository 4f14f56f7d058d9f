import { accepted, ok, pageAnswer, type RefusalPage, refusalPage } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { verificationApi } from './api.ts'
import { deadLinkPage, verifiedPage, verifyPage } from './pages.ts'
import { isTokenUsable } from './queries.ts'
import { resendVerification } from './resend-verification.ts'
import { hashToken, type VerificationLinks } from './verification-link.ts'
import { invalidToken, verifyEmail } from './verify-email.ts'

interface Deps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  verificationLinks: VerificationLinks
}

export function verificationRoutes(deps: Deps): Route[] {
  return implement(verificationApi, {
    showVerification({ params, wantsHtml }) {
      return forPerson(wantsHtml, async () => {
        const use = { userId: params.userId, tokenHash: hashToken(params.token), now: deps.clock.now() }
        if (!(await isTokenUsable(deps.db, use))) throw invalidToken()
        return wantsHtml ? pageAnswer(verifyPage()) : ok({ state: 'verifiable' as const })
      })
    },
    verifyEmail({ params, wantsHtml }) {
      return forPerson(wantsHtml, async () => {
        await verifyEmail(deps, params)
        return wantsHtml ? pageAnswer(verifiedPage()) : ok({ state: 'verified' as const })
      })
    },
    async resendVerification({ body }) {
      await resendVerification(deps, body.email)
      return accepted
    },
  })
}

/** A person who follows a dead link sees a page that says what to do, with the same status. */
async function forPerson<Given>(wantsHtml: boolean, answer: () => Promise<Given>): Promise<Given | RefusalPage> {
  try {
    return await answer()
  } catch (error) {
    if (wantsHtml && error instanceof DomainError && error.code === 'InvalidToken') {
      return refusalPage(error.status, deadLinkPage())
    }
    throw error
  }
}
