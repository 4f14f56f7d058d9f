import { setTimeout as pause } from 'node:timers/promises'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import { addMilliseconds, type Clock, hours, minutes, seconds } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { Links } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import {
  findLockout,
  type Guessed,
  giveBackGuess,
  MOST_FAILURES,
  noteFailure,
  noteSuccess,
  setLockout,
  takeGuess,
} from './guess-queries.ts'
import { lockOut } from './lock-out.ts'

export interface GuardDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  links: Links
  unlock: LinkPurpose
}

/**
 * Compares a password, as one guess among those that are counted.
 *
 * @param compare told whether the guess counts; where it does not it has to do the same work and be wrong
 * @returns whether the password is right
 * @throws {DomainError} `Busy` when as many guesses as may be wrong are being compared for too long
 */
export type Guess = (guessed: Guessed, compare: (counts: boolean) => Promise<boolean>) => Promise<boolean>

const FIRST_LOCKOUT_MS = minutes(15)
const LONGEST_LOCKOUT_MS = hours(1)

/** Milliseconds between looks at whether a guess under way has ended, and until we give up. */
const LOOK_EVERY_MS = 50
const PATIENCE_MS = seconds(8)

/** How long the next lockout lasts: each in a row twice as long as the one before, up to an hour. */
export function lockoutMs(lockoutsBefore: number): number {
  return Math.min(FIRST_LOCKOUT_MS * 2 ** Math.min(lockoutsBefore, 10), LONGEST_LOCKOUT_MS)
}

/** Lets at most five wrong passwords be compared before a lockout, whatever comes at once and over however many processes. */
export function createSignInGuard(deps: GuardDeps): Guess {
  const { db } = deps
  return async (guessed, compare) => {
    if (!(await admit(deps, guessed))) {
      await compare(false)
      return false
    }
    let right: boolean
    try {
      right = await compare(true)
    } catch (error) {
      await giveBackGuess(db, guessed)
      throw error
    }
    await (right ? noteSuccess(db, guessed) : countFailure(deps, guessed))
    return right
  }
}

/** Waits for a guess; false while locked out. Guesses under way may be right, so that nobody is refused because of them. */
async function admit({ db, clock }: GuardDeps, guessed: Guessed): Promise<boolean> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    if (await takeGuess(db, guessed, clock.now())) return true
    if (await findLockout(db, guessed, clock.now())) return false
    if (performance.now() > giveUpAt) {
      throw new DomainError('Busy', 'this account is being signed in to right now', { headers: { 'retry-after': '2' } })
    }
    await pause(LOOK_EVERY_MS)
  }
}

/** In one transaction: a count of five without its lockout would keep everybody waiting for ever. */
function countFailure(deps: GuardDeps, guessed: Guessed): Promise<void> {
  return deps.transact(async (tx) => {
    const failures = await noteFailure(tx, guessed)
    if (!failures || failures.failed_logins < MOST_FAILURES) return
    const now = deps.clock.now()
    const until = addMilliseconds(now, lockoutMs(failures.lockouts))
    if (guessed.table === 'users') await lockOut(tx, deps, { userId: guessed.id, until, now })
    else await setLockout(tx, guessed, until)
  })
}
