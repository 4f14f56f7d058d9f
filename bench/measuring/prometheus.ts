export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** The samples of a page in Prometheus' text format. */
export function readSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    if (name === undefined) return []
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', content = '']) => [label, content])
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }]
  })
}

/** The sum of a metric over all its labels. */
export function sumOf(samples: readonly Sample[], name: string): number {
  return samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0)
}

/** How many were counted up to each upper bound, by label `stage`, in both texts' difference. */
export function stageCounts(before: readonly Sample[], after: readonly Sample[]): Map<string, Map<number, number>> {
  const stages = new Map<string, Map<number, number>>()
  const add = (samples: readonly Sample[], sign: 1 | -1) => {
    for (const { name, labels, value } of samples) {
      const { stage, le } = labels
      if (!name.endsWith('_stage_seconds_bucket') || stage === undefined || le === undefined) continue
      const counts = stages.get(stage) ?? new Map<number, number>()
      const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)
      stages.set(stage, counts.set(bound, (counts.get(bound) ?? 0) + sign * value))
    }
  }
  add(after, 1)
  add(before, -1)
  return stages
}

/**
 * The value below which `share` of those counted are, in the unit of the bounds, as Prometheus' `histogram_quantile`
 * reckons it: evenly spread within a bucket. NaN when none was counted.
 */
export function quantileOf(counts: ReadonlyMap<number, number>, share: number): number {
  const bounds = [...counts].toSorted(([a], [b]) => a - b)
  const rank = share * (bounds.at(-1)?.[1] ?? 0)
  if (rank === 0) return Number.NaN
  let [lower, below] = [0, 0]
  for (const [bound, count] of bounds) {
    if (count >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return lower
      return lower + ((bound - lower) * (rank - below)) / (count - below)
    }
    ;[lower, below] = [bound, count]
  }
  return Number.NaN
}
