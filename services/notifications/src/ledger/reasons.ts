/** How a connection was lost, or why none came about, told by the phase in which that happened. */
const losses = ['connection-lost', 'connection-refused', 'timeout', 'server-trouble', 'not-sendable'] as const
const phases = ['before-dot', 'after-dot'] as const

export type LossReason = (typeof losses)[number]
type Loss = `${LossReason}-${(typeof phases)[number]}`

/**
 * Why a delivery moves: closed, as facts carry it to other teams, and as a sentence in its place could not be told at
 * all. What a server said in its own words is `smtp_reply`, which stays in the ledger.
 */
const own = [
  'content-unavailable',
  'data-unreadable',
  'event-cancelled',
  'event-gone',
  'link-expired',
  'mail-unknown',
  'not-renderable',
  'not-unsealable',
  'projection-missing',
  'recipient-erased',
  'refused',
  'refused-for-now',
  'registration-cancelled',
  'ticket-picture-missing',
  'too-late',
  'unspecified',
  'worker-lost',
  'worker-lost-after-dot',
] as const

export type Reason = (typeof own)[number] | Loss

export const reasons: readonly Reason[] = [
  ...own,
  ...losses.flatMap((loss) => phases.map((phase): Loss => `${loss}-${phase}`)),
]
