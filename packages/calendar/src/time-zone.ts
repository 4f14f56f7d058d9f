import { property } from './content-line.ts'
import { localTime, offsetAt, offsetText } from './local-time.ts'

const A_DAY_MS = 86_400_000
/** Clocks of the same zone change less often than that; Morocco's do twice within five weeks. */
const STEP_MS = 7 * A_DAY_MS
const MARGIN_MS = 366 * A_DAY_MS

interface Change {
  at: number
  before: number
  after: number
}

/**
 * A VTIMEZONE (RFC 5545, 3.6.5) that holds from a year before to a year after a time: each change of the clocks by itself, as
 * this runtime knows them, rather than by a rule that governments may change.
 */
export function timeZoneLines(timeZone: string, { from, to }: { from: Date; to: Date }): string[] {
  const first = from.getTime() - MARGIN_MS
  const offset = offsetAt(timeZone, new Date(first))
  const changes = changesBetween(timeZone, first, to.getTime() + MARGIN_MS)
  const start = observance('STANDARD', { at: first, before: offset, after: offset })
  const observances = changes.map((change) =>
    observance(change.after > change.before ? 'DAYLIGHT' : 'STANDARD', change),
  )
  return ['BEGIN:VTIMEZONE', property('TZID', timeZone), ...start, ...observances.flat(), 'END:VTIMEZONE']
}

function observance(kind: 'STANDARD' | 'DAYLIGHT', { at, before, after }: Change): string[] {
  return [
    `BEGIN:${kind}`,
    `DTSTART:${localTime(new Date(at), before)}`,
    `TZOFFSETFROM:${offsetText(before)}`,
    `TZOFFSETTO:${offsetText(after)}`,
    `END:${kind}`,
  ]
}

function changesBetween(timeZone: string, from: number, to: number): Change[] {
  const changes: Change[] = []
  for (let start = from; start < to; start += STEP_MS) {
    const [before, after] = [offsetAt(timeZone, new Date(start)), offsetAt(timeZone, new Date(start + STEP_MS))]
    if (before !== after) changes.push({ at: momentOf(timeZone, start, start + STEP_MS), before, after })
  }
  return changes
}

/** When the offset changes between two moments at which it differs, to the second. */
function momentOf(timeZone: string, early: number, late: number): number {
  const before = offsetAt(timeZone, new Date(early))
  let [low, high] = [Math.floor(early / 1000), Math.ceil(late / 1000)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(timeZone, new Date(middle * 1000)) === before) low = middle
    else high = middle
  }
  return high * 1000
}
