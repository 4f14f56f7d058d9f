import { addMilliseconds, hours, minutes } from '@rollcall/runtime/clock'

/** Seconds that a verifier may keep the key set without asking again. */
export const CACHED_SECONDS = 300

/**
 * Between a key's publication and its first use: longer than any verifier keeps the key set (five minutes by its header), waits
 * before it asks again for a key that it doesn't know (30 s), and than our own processes take to see the key.
 */
export const PUBLISHED_BEFORE_MS = minutes(10)

/** The longest token lives 8 h, and clocks differ. */
const KEPT_AFTER_MS = hours(9)

interface Timed {
  kid: string
  signs_from: Date
}

/** The key that signs now: of those whose time has come the last. */
export function signingNow<Key extends Timed>(keys: readonly Key[], now: Date): Key | undefined {
  return keys
    .filter(({ signs_from }) => signs_from <= now)
    .toSorted((a, b) => b.signs_from.getTime() - a.signs_from.getTime() || a.kid.localeCompare(b.kid))[0]
}

/** Keys that no living token is signed with: followed by another for so long that the last of theirs has ended. */
export function retired<Key extends Timed>(keys: readonly Key[], now: Date): Key[] {
  const ordered = keys.toSorted((a, b) => a.signs_from.getTime() - b.signs_from.getTime())
  return ordered.filter((_, index) => {
    const successor = ordered[index + 1]
    return successor !== undefined && addMilliseconds(successor.signs_from, KEPT_AFTER_MS) <= now
  })
}
