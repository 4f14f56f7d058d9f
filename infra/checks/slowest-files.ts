/** What vitest writes of each test file; times are milliseconds since the epoch. */
export interface FileTimes {
  name: string
  startTime: number
  endTime: number
}

/** The files that took longest, the slowest first, each as a line; beside each the share of all files' time. */
export function slowestFiles(files: FileTimes[], count: number): string[] {
  const timed = files.map(({ name, startTime, endTime }) => ({ name, ms: Math.max(0, endTime - startTime) }))
  const total = timed.reduce((sum, { ms }) => sum + ms, 0)
  const share = (ms: number) => `${Math.round((100 * ms) / (total || 1))} %`
  return timed
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, count)
    .map(({ name, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s ${share(ms).padStart(5)}  ${name}`)
}
