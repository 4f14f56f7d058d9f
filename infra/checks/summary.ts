import type { Counts } from './static-checks.ts'

/** The last line of `npm test`, and whether all is well: nothing failed and something ran. */
export function summarise(all: Counts[]): { line: string; passed: boolean } {
  const sum = (of: (counts: Counts) => number) => all.reduce((total, counts) => total + of(counts), 0)
  const [passed, failed, skipped] = [sum((it) => it.passed), sum((it) => it.failed), sum((it) => it.skipped)]
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return { line, passed: failed === 0 && passed > 0 }
}
