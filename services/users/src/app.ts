import { createAuthenticator } from '@rollcall/access/authenticate'
import { createIdempotency } from '@rollcall/http/idempotency'
import { startAnswersCleanUp } from '@rollcall/outbox/clean-up'
import { startCleanUp } from '@rollcall/runtime/clean-up'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { openConsumers } from '@rollcall/service/consume'
import { openFoundation } from '@rollcall/service/foundation'
import { serve } from '@rollcall/service/serve'
import { auditSubscriptions } from './audit/subscriptions.ts'
import type { UsersConfig } from './config.ts'
import type { UsersDatabase } from './database/tables.ts'
import { expireAccounts } from './erasure/expire-accounts.ts'
import { usersRoutes } from './http.ts'
import { openKeyring } from './keys/keyring.ts'
import { removeEndedLinks } from './links/clean-up.ts'
import { createLinks } from './links/links.ts'
import { startLinkRequests } from './links/requests.ts'
import { removeDistrustedBrowsers, removeStrangers } from './lockouts/clean-up.ts'
import { createSignInGuard } from './lockouts/sign-in-guard.ts'
import { unlockPurpose } from './lockouts/unlock-purpose.ts'
import { createHashPool } from './passwords/hash-pool.ts'
import { resetPurpose, setPasswordPurpose } from './recovery/password-purposes.ts'
import { requestReset } from './recovery/request-reset.ts'
import { removeEndedSessions } from './sessions/clean-up.ts'
import { findCaller } from './sessions/queries.ts'
import { confirmationPurpose } from './verification/confirmation-purpose.ts'
import { resendVerification } from './verification/resend-verification.ts'
import { verificationPurpose } from './verification/verification-purpose.ts'

/** Builds the service in reading order; what is opened last closes first. */
export async function startUsersService(config: UsersConfig, process: ServiceProcess): Promise<void> {
  const foundation = await openFoundation<UsersDatabase>(config, process)
  const { db, transact, clock, log, registry, own } = foundation
  const { publicUrl, notificationsKey } = config
  const { issuer, encryptionKey } = config.tokens

  const passwords = own(await createHashPool({ ...config.passwords, registry }), (it) => it.close())
  const keyring = own(await openKeyring({ db, clock, log, encryptionKey }), (it) => it.stop())
  const links = createLinks({ publicUrl, notificationsKey })
  const { firstUserIsAdmin, disclosesAccounts, verificationMs, resetMs } = config.accounts
  const verification = verificationPurpose(verificationMs)
  const confirmation = confirmationPurpose(verificationMs)
  const reset = resetPurpose(resetMs)
  const mailLink = {
    [verification.name]: resendVerification({ clock, links, verification }),
    [reset.name]: requestReset({ clock, links, reset }),
  }
  const linkRequests = own(startLinkRequests({ db, transact, clock, log, mailLink }), (it) => it.stop())
  const routes = usersRoutes({
    db,
    transact,
    clock,
    passwords,
    publicUrl,
    notificationsKey,
    once: createIdempotency({ db, transact, clock }),
    signer: { keyring, issuer },
    sessionLife: config.sessionLife,
    guess: createSignInGuard({ db, transact, clock, links, unlock: unlockPurpose }),
    strangersKey: config.passwords.pepper,
    firstUserIsAdmin,
    disclosesAccounts,
    links,
    linkRequests,
    verification,
    confirmation,
    reset,
    setPassword: setPasswordPurpose,
    passwordPurposes: [reset, setPasswordPurpose],
    unlock: unlockPurpose,
  })
  own(startAnswersCleanUp({ db, clock, log }), (it) => it.stop())
  const outdated = {
    links: (limit: number) => removeEndedLinks(db, clock.now(), limit),
    sessions: (limit: number) => removeEndedSessions(db, clock.now(), limit),
    strangers: (limit: number) => removeStrangers(db, clock.now(), limit),
    browsers: (limit: number) => removeDistrustedBrowsers(db, clock.now(), limit),
    accounts: (limit: number) => expireAccounts({ transact, clock }, limit),
  }
  for (const [name, remove] of Object.entries(outdated)) own(startCleanUp({ name, log }, remove), (it) => it.stop())

  const consume = await openConsumers(foundation)
  consume({ groupId: 'users.audit', subscriptions: auditSubscriptions(db), startAt: 'earliest' })

  await serve(foundation, {
    config,
    routes,
    authenticate: createAuthenticator({
      keys: keyring.verificationKeys,
      issuer,
      findCaller: (userId, sessionId) => findCaller(db, userId, sessionId),
    }),
    // This service's own database is where roles come from.
    knowledgeAgeMs: () => 0,
  })
}
