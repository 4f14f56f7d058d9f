import { newId } from '@rollcall/runtime/ids'
import type { Logger } from '@rollcall/runtime/logger'
import { type Kysely, sql } from 'kysely'
import type { OutboxTables } from './tables.ts'

export interface Lease {
  readonly owner: string
  /** Takes the lease or renews it. */
  hold(): Promise<boolean>
  /** Whether it is ours for certain, by our own steady clock, with a margin. */
  isHeld(): boolean
  /** Lets another relay take it at once; it isn't taken again. */
  release(): Promise<void>
}

interface LeaseOptions {
  db: Kysely<OutboxTables>
  leaseMs: number
  log: Logger
  /** The lease is about to end and could not be renewed: stop sending. */
  lost(): void
}

/**
 * One relay per database: two of them reorder the messages of a key. The database's clock alone decides when a lease
 * ends. This process counts from before it asked, so it thinks the lease shorter than it is, however slow the answer.
 */
export function createLease({ db, leaseMs, log, lost }: LeaseOptions): Lease {
  const owner = newId()
  const margin = leaseMs / 5
  let heldUntil = 0
  let renewal: NodeJS.Timeout | undefined
  let end: NodeJS.Timeout | undefined
  let asking: Promise<boolean> = Promise.resolve(false)
  let released = false

  async function ask() {
    const asked = performance.now()
    const granted = await takeLease(db, { owner, leaseMs })
    if (released) return false
    if (!granted) {
      if (heldUntil > 0) giveUp('another relay has the lease')
      return false
    }
    heldUntil = asked + leaseMs - margin
    schedule()
    return true
  }

  function hold() {
    if (!released) asking = ask()
    return asking
  }

  /** Renews while a send waits for the broker, too; at the end of the lease, whatever is being sent is cut off. */
  function schedule() {
    clearTimeout(renewal)
    clearTimeout(end)
    renewal = setTimeout(() => {
      hold().catch((error: unknown) => {
        log.warn({ err: error }, 'the relay could not renew its lease')
      })
    }, leaseMs / 3)
    end = setTimeout(() => giveUp('the lease ended before it was renewed'), heldUntil - performance.now())
  }

  function giveUp(why: string) {
    clearTimers()
    heldUntil = 0
    log.warn({ why }, 'the relay stops sending')
    lost()
  }

  function clearTimers() {
    clearTimeout(renewal)
    clearTimeout(end)
  }

  return {
    owner,
    hold,
    isHeld: () => performance.now() < heldUntil,
    async release() {
      released = true
      clearTimers()
      heldUntil = 0
      // A renewal on its way would take the lease again after we have given it back.
      await asking.catch(() => {})
      await db.deleteFrom('outbox_lease').where('owner', '=', owner).execute()
    },
  }
}

async function takeLease(db: Kysely<OutboxTables>, { owner, leaseMs }: { owner: string; leaseMs: number }) {
  const expiresAt = sql<Date>`clock_timestamp() + ${`${leaseMs} milliseconds`}::interval`
  const taken = await db
    .insertInto('outbox_lease')
    .values({ owner, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ owner, expires_at: expiresAt })
        .where(({ or, eb }) =>
          or([eb('outbox_lease.owner', '=', owner), eb('outbox_lease.expires_at', '<', sql<Date>`clock_timestamp()`)]),
        ),
    )
    .executeTakeFirst()
  return Number(taken.numInsertedOrUpdatedRows ?? 0) === 1
}
