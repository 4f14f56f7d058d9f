import type { DataOf } from '@rollcall/contracts/define'
import type { NotificationFailed } from '@rollcall/contracts/notifications'
import { deriveId } from '@rollcall/runtime/ids'

export type Channel = 'email'

/** States that an attempt can start from or is in; the others are final. */
export const openStates = ['queued', 'sending', 'retry'] as const
export type FailedState = DataOf<typeof NotificationFailed>['state']
export type DeliveryState = (typeof openStates)[number] | 'sent' | FailedState

/**
 * What happens to a mail whose connection was lost after its final dot, when nobody can know whether it arrived:
 * `resend` risks a second copy, `hold` risks none and leaves it to a person.
 */
export type LossPolicy = 'resend' | 'hold'

/**
 * What a delivery is about, as its mail declares: ids, of which `eventId` and `registrationId` bring what the projections
 * know with the claim, and the sealed part of its fact, `sealed`.
 */
export type DeliveryData = Record<string, unknown>

export interface Need {
  projection: 'recipients' | 'events' | 'registrations'
  id: string
  /** The projection's row must be at least as new. */
  sequence: number
}

interface Transition {
  from: readonly DeliveryState[]
  to: DeliveryState
}

/** Every way a delivery can go. Queries take their conditions from here. */
export const transitions = {
  /** A worker takes it for one attempt. */
  claim: { from: ['queued', 'retry'], to: 'sending' },
  /** The attempt failed, or its worker died where sending again is right. */
  postpone: { from: ['sending'], to: 'retry' },
  accept: { from: ['sending'], to: 'sent' },
  bounce: { from: ['sending'], to: 'bounced' },
  /** Nobody can know whether it arrived, and a second copy would be worse than none. */
  hold: { from: ['sending'], to: 'unknown' },
  giveUp: { from: ['sending'], to: 'dead' },
  expire: { from: ['queued', 'retry', 'sending'], to: 'expired' },
  cancel: { from: ['sending'], to: 'cancelled' },
  suppress: { from: ['sending'], to: 'suppressed' },
} as const satisfies Record<string, Transition>

export type Action = keyof typeof transitions
/** Actions after which nothing more happens to a delivery. */
export type EndingAction = Exclude<Action, 'claim' | 'postpone'>
/** Those that end it without a mail. */
export type FailingAction = Exclude<EndingAction, 'accept'>

/** The same for the same fact, so that a redelivered or replayed fact plans nothing new. */
export function deliveryId(of: { factId: string; template: string; recipientId: string; channel: Channel }) {
  return deriveId(of.factId, of.template, of.recipientId, of.channel)
}

/** A job's id; the ledger's generation in it makes a job that was lost with Redis a new one for BullMQ. */
export function jobIdOf({ id, generation }: { id: string; generation: number }): string {
  return `${id}.${generation}`
}

/** Beyond this a person should look at it. At the pauses below that is about six hours of trying. */
export const MOST_ATTEMPTS = 30

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 15 * 60_000

/** Milliseconds until the next attempt: doubling, spread by a fifth so that a recovering server isn't met by all at once. */
export function retryDelay(attempts: number, random = Math.random()): number {
  const pause = Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1), LONGEST_RETRY_MS)
  return Math.round(pause * (0.9 + random * 0.2))
}
