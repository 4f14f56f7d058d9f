/** The value below which `share` of them are; NaN without any. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export interface Spread {
  median: number
  minimum: number
  maximum: number
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 0.5), minimum: percentile(values, 0), maximum: percentile(values, 1) }
}

/** Whether two figures differ by no more than this share of the larger one. */
export function agree(one: number, other: number, share: number): boolean {
  return Math.abs(one - other) <= share * Math.max(Math.abs(one), Math.abs(other))
}
