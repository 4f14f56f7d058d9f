/** One measured figure beside what the same engines reach without our code. */
export interface BenchRow {
  name: string
  value: number
  unit: string
  /** Measured in the same run. */
  baseline: number
  /** `value / baseline`. */
  ratio: number
}

export function row(measured: Omit<BenchRow, 'ratio'>): BenchRow {
  return { ...measured, ratio: measured.value / measured.baseline }
}
