import { joinCalls } from '@rollcall/runtime/join-calls'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { type Claim, type Claimed, claimDeliveries, claimDelivery } from './claim.ts'
import { type Accept, acceptDeliveries, acceptDelivery, type TracedAccept, traced } from './end-queries.ts'

type Db = Kysely<NotificationsDatabase>

/** What every attempt asks of the ledger, joined with those that ask at the same time. */
export interface Ledger {
  /** As {@link claimDelivery} does it alone. */
  claim(claim: Claim): Promise<Claimed | undefined>
  /** Whether it was this call that ended it as `sent`; false when somebody else has moved it since. */
  accept(accept: Accept): Promise<boolean>
}

/** As many as one statement takes; two at once, so that one that waits for a locked row does not hold up all others. */
const JOINED = { most: 50, atOnce: 2 }

export function openLedger(db: Db): Ledger {
  const claim = joinCalls<Claim, Claimed | undefined>(
    togetherOrAlone({
      together: (claims) => claimDeliveries(db, claims),
      alone: (one) => claimDelivery(db, one),
    }),
    JOINED,
  )
  const accept = joinCalls<TracedAccept, boolean>(
    togetherOrAlone({
      together: (accepts) => acceptDeliveries(db, accepts),
      alone: (one) => acceptDelivery(db, one),
    }),
    JOINED,
  )
  return { claim, accept: (one) => accept(traced(one)) }
}

interface Ways<In, Out> {
  together(items: In[]): Promise<Out[]>
  alone(item: In): Promise<Out>
}

/** One alone is cheaper as a statement of one; where several fail together, each is asked for itself who fails. */
function togetherOrAlone<In, Out>({ together, alone }: Ways<In, Out>) {
  const settled = (item: In) => alone(item).catch((error: unknown) => asError(error))
  return async (items: In[]): Promise<(Out | Error)[]> => {
    const [first] = items
    if (items.length === 1 && first !== undefined) return [await settled(first)]
    return together(items).catch(() => Promise.all(items.map(settled)))
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the ledger refused', { cause: error })
}
