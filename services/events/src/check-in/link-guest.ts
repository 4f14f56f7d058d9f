import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { EventsDatabase } from '../database/tables.ts'
import type { ProvenAddress } from '../people/project-people.ts'
import { findGuestByEmail, lockAddress, markLinked } from '../people/queries.ts'
import { handOver } from '../registrations/hand-over.ts'

/** Gives an account what the guest of the address that it has proven did before. Again: nothing more happens. */
export function linkGuest({ transact, clock }: { transact: Transact<EventsDatabase>; clock: Clock }) {
  return ({ userId, emailKey }: ProvenAddress): Promise<void> =>
    transact(async (tx) => {
      await lockAddress(tx, emailKey)
      const guest = await findGuestByEmail(tx, emailKey)
      if (!guest) return
      await handOver(tx, { guestId: guest.id, userId, now: clock.now() })
      await markLinked(tx, guest.id, userId)
    })
}
