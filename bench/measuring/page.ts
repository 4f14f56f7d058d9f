import type { Measured, MeasuredSide } from './measure.ts'
import type { Spread } from './statistics.ts'

/** The last run of one bench. */
export interface Kept {
  at: string
  machine: { cores: number; cpu: string; memoryGiB: number; node: string }
  /** Whether the engines kept what they acknowledged. */
  durable: boolean
  measured: Measured
}

/** More than this between the quickest and the slowest of the fixed calculations, and the figures say little. */
const NOISY = 1.3

/** The page with the last run of each bench, by name. */
export function writePage(kept: Readonly<Record<string, Kept>>): string {
  const parts = Object.entries(kept).map(([name, run]) => section(name, run))
  return `# Results

Written by \`npm run bench\`: the last run of each. Median of the rounds, with the lowest and the highest; baseline and
subject took turns. Engines, services and load share the machine.

${parts.join('\n')}`
}

function section(name: string, { at, machine, durable, measured }: Kept): string {
  const { warmUp, rounds, sides, ratio, aims, unit } = measured
  const steady = warmUp.agreed ? `steady after ${warmUp.windows} windows` : `not steady after ${warmUp.windows} windows`
  const warmed = warmUp.windows === 0 ? 'not warmed up' : steady
  const engines = durable ? 'engines durable, as `npm start` has them' : 'engines without fsync'
  const lines = [
    `## ${name}`,
    '',
    `${at.slice(0, 10)}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${engines}; ${rounds} rounds, ${warmed}; ${noiseOf(measured)}.`,
    '',
    '| | figure | median | lowest | highest |',
    '| --- | --- | --- | --- | --- |',
    ...rowsOf(sides.subject, unit),
    ...(sides.baseline ? rowsOf(sides.baseline, unit) : []),
    ...(ratio ? [row('ratio', 'of the rates', ratio)] : []),
    '',
    ...aims.map(({ figure, atLeast, atMost, value, reached }) => {
      const limit = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
      return `- ${reached ? 'reached' : '**missed**'}: ${figure} ${limit} (${rounded(value)})`
    }),
    ...(aims.length > 0 ? [''] : []),
    `Processor time a ${unit}, ms: ${listed(measured.processorMsPerUnit)}.`,
    ...Object.entries(measured.services).map(
      ([service, { collectingShare, loopDelayP99Ms }]) =>
        `${service}: garbage collection ${rounded(100 * collectingShare.median)} % of the time, event loop late by ${rounded(loopDelayP99Ms.median)} ms (p99).`,
    ),
    ...stagesOf(measured),
    '',
  ]
  return lines.join('\n')
}

function rowsOf({ what, figures }: MeasuredSide, unit: string): string[] {
  const nameOf = (figure: string) =>
    figure === 'rate' ? `${unit}s/s` : /^p\d+$/.test(figure) ? `${figure}, ms` : figure
  return Object.entries(figures).map(([figure, spread]) => row(what, nameOf(figure), spread))
}

function row(what: string, figure: string, { median, minimum, maximum }: Spread): string {
  return `| ${what} | ${figure} | ${rounded(median)} | ${rounded(minimum)} | ${rounded(maximum)} |`
}

function noiseOf({ noiseMs: { median, minimum, maximum } }: Measured): string {
  const warning = maximum / minimum > NOISY ? ': **a noisy run**' : ''
  return `a fixed calculation beside each window took ${rounded(median)} ms (${rounded(minimum)} to ${rounded(maximum)})${warning}`
}

function stagesOf({ stages }: Measured): string[] {
  if (!stages) return []
  const rows = Object.entries(stages).map(
    ([stage, { p50, p90, p99 }]) => `| ${stage} | ${rounded(p50)} | ${rounded(p90)} | ${rounded(p99)} |`,
  )
  return ['', '| stage | p50, ms | p90, ms | p99, ms |', '| --- | --- | --- | --- |', ...rows]
}

function listed(costs: Record<string, number>): string {
  return Object.entries(costs)
    .filter(([, cost]) => cost >= 0.005)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, cost]) => `${name} ${rounded(cost)}`)
    .join(', ')
}

/** Three digits that count; NaN is nothing. */
export function rounded(value: number): string {
  if (Number.isNaN(value)) return '–'
  const digits = Math.abs(value) >= 1000 ? 4 : 3
  return Number(value.toPrecision(digits)).toLocaleString('en', { maximumFractionDigits: 6 })
}
