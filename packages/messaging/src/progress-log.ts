/** How far a group has come in each partition, and where that ends. */
export type Positions = {
  topic: string
  partition: number
  /** The offset after the last record that the group has committed. */
  handled: number
  /** The offset after the last record of the partition. */
  end: number
}[]

interface Lag {
  records: number
  /** Milliseconds since 1970; since when at least one of them waits. */
  since: number
}

interface Mark {
  /** The partition's end at a time: once handled, everything published before that time has been applied. */
  end: number
  at: number
}

/**
 * Works out since when a group is behind from positions that are noted now and then. Under a steady stream a group is
 * never at the very end; so each note marks the end of its time, and the group has caught up with that time when it has
 * come to the mark.
 *
 * @param startedAt milliseconds since 1970, when nothing was known yet
 */
export function createProgressLog(startedAt: number) {
  const marks = new Map<string, { topic: string; records: number; caughtUpAt: number; marks: Mark[] }>()

  function note(positions: Positions, at: number) {
    for (const { topic, partition, handled, end } of positions) {
      const key = `${topic}/${partition}`
      const known = marks.get(key) ?? { topic, records: 0, caughtUpAt: startedAt, marks: [] }
      const open = [...known.marks, { end, at }]
      const reached = open.findLast((mark) => mark.end <= handled)
      marks.set(key, {
        topic,
        records: Math.max(0, end - handled),
        caughtUpAt: reached?.at ?? known.caughtUpAt,
        marks: open.filter((mark) => mark.end > handled).slice(-MOST_MARKS),
      })
    }
  }

  return {
    note,
    /** Milliseconds since 1970: everything that was published before has been applied. */
    caughtUpAt: () => Math.min(...(marks.size === 0 ? [startedAt] : [...marks.values()].map((it) => it.caughtUpAt))),
    lags(): Map<string, Lag> {
      const byTopic = Map.groupBy(marks.values(), ({ topic }) => topic)
      return new Map(
        [...byTopic].map(([topic, partitions]) => {
          const waiting = partitions.filter(({ records }) => records > 0)
          const records = waiting.reduce((sum, it) => sum + it.records, 0)
          return [topic, { records, since: Math.min(...waiting.map(({ caughtUpAt }) => caughtUpAt), Date.now()) }]
        }),
      )
    },
  }
}

/** An hour of notes: a group that is further behind is as far behind as that tells. */
const MOST_MARKS = 720
