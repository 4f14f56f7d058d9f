import { UserDeleted } from '@rollcall/contracts/users'
import { DomainError } from '@rollcall/http/errors'
import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import { type CancelDeps, giveUp } from './cancel-registration.ts'
import { listToComeOf } from './queries.ts'

/**
 * Gives up the places of people who have deleted their accounts, for events that are still to come; tickets are not
 * deleted in silence. What is left to do is what the rows say, so that handling the fact again does the rest.
 */
export function deletedPeopleSubscriptions(deps: CancelDeps): Subscription[] {
  return [
    on(UserDeleted, 'cancel-places', async (facts) => {
      for (const { data } of facts) await cancelPlacesOf(deps, data.userId, data.actorId ?? data.userId)
    }),
  ]
}

async function cancelPlacesOf(deps: CancelDeps, attendeeId: string, actorId: string): Promise<void> {
  for (const registration of await listToComeOf(deps.db, attendeeId, deps.clock.now())) {
    try {
      await giveUp(deps, { registration, by: 'system', actorId, reason: 'attendee_deleted' })
    } catch (error) {
      // They went through the door at this moment: that has happened, and stays.
      if (!(error instanceof DomainError && error.code === 'AlreadyCheckedIn')) throw error
    }
  }
}
