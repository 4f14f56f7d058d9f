import type { Aim, OpenBench, Side, Window } from './bench.ts'
import { quantileOf, readSamples, type Sample, stageCounts } from './prometheus.ts'
import { agree, percentile, type Spread, spreadOf } from './statistics.ts'
import { type Cost, watch } from './watch.ts'

const ROUNDS = 5
const AGREEMENT = 0.1
const MOST_WARM_UPS = 8

export interface Measured {
  unit: string
  warmUp: { windows: number; agreed: boolean }
  rounds: number
  sides: { subject: MeasuredSide; baseline?: MeasuredSide }
  /** Of the rates, subject to baseline, round by round. */
  ratio?: Spread
  /** Milliseconds of processor time that a unit of the subject costs each process. */
  processorMsPerUnit: Record<string, number>
  services: Record<string, { collectingShare: Spread; loopDelayP99Ms: Spread }>
  /** Milliseconds of the fixed calculation beside each window. */
  noiseMs: Spread
  aims: (Aim & { value: number; reached: boolean })[]
  /** Milliseconds, where the units pass through stages. */
  stages?: Record<string, { p50: number; p90: number; p99: number }>
}

export interface MeasuredSide {
  what: string
  figures: Record<string, Spread>
}

/** Warms up until two windows agree, then alternates baseline and subject. */
export async function measure(bench: OpenBench, engines: Record<string, number>): Promise<Measured> {
  const { unit, subject, baseline, services, rounds = ROUNDS } = bench
  const warmUp = await warmUntilSteady(bench)
  const stagesBefore = readSamples((await bench.stages?.()) ?? '')
  const windows: { baseline?: Window; subject: Window; cost: Cost }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const ofBaseline = baseline && (await runAndSettle(baseline))
    const { result, cost } = await watch({ services, engines }, () => subject.run())
    await subject.settle?.()
    windows.push({ ...(ofBaseline ? { baseline: ofBaseline } : {}), subject: result, cost })
  }
  const stages = stageQuantiles(stagesBefore, readSamples((await bench.stages?.()) ?? ''))
  const subjectWindows = windows.map((it) => it.subject)
  const baselineWindows = windows.flatMap((it) => it.baseline ?? [])
  const ratios = windows.flatMap((it) => (it.baseline ? [rateOf(it.subject) / rateOf(it.baseline)] : []))
  const sides = {
    subject: measuredSide(subject.what, subjectWindows),
    ...(baseline ? { baseline: measuredSide(baseline.what, baselineWindows) } : {}),
  }
  const ratio = ratios.length > 0 ? spreadOf(ratios) : undefined
  return {
    unit,
    warmUp,
    rounds,
    sides,
    ...(ratio ? { ratio } : {}),
    ...costs(windows),
    aims: bench.aims.map((aim) => judge(aim, { ...sides.subject.figures, ...(ratio ? { ratio } : {}) })),
    ...(Object.keys(stages).length > 0 ? { stages } : {}),
  }
}

async function runAndSettle(side: Side): Promise<Window> {
  const window = await side.run()
  await side.settle?.()
  return window
}

async function warmUntilSteady({ subject, baseline, rounds }: OpenBench): Promise<Measured['warmUp']> {
  if (rounds === 1) return { windows: 0, agreed: false }
  if (baseline) await runAndSettle(baseline)
  let before = paceOf(await runAndSettle(subject))
  for (let windows = 2; ; windows += 1) {
    const pace = paceOf(await runAndSettle(subject))
    const agreed = agree(before, pace, AGREEMENT)
    if (agreed || windows === MOST_WARM_UPS) return { windows, agreed }
    before = pace
  }
}

/** How long a piece of work takes: what a fixed rate leaves open, and a full load decides. */
function paceOf({ units, seconds, times }: Window): number {
  return times ? percentile(times, 0.5) : seconds / units
}

function rateOf({ units, seconds }: Window): number {
  return units / seconds
}

function measuredSide(what: string, windows: Window[]): MeasuredSide {
  const figures = windows.map((window) => ({
    rate: rateOf(window),
    ...(window.times ? { p50: percentile(window.times, 0.5), p99: percentile(window.times, 0.99) } : {}),
    ...window.figures,
  }))
  const names = Object.keys(figures[0] ?? {})
  const ofAll = (name: string) => spreadOf(figures.map((it) => (it as Record<string, number>)[name] ?? Number.NaN))
  return { what, figures: Object.fromEntries(names.map((name) => [name, ofAll(name)])) }
}

function costs(windows: { subject: Window; cost: Cost }[]) {
  const first = windows[0]?.cost
  const names = Object.keys(first?.processorMs ?? {})
  const perUnit = (name: string) =>
    percentile(
      windows.map(({ subject, cost }) => (cost.processorMs[name] ?? 0) / subject.units),
      0.5,
    )
  const ofServices = Object.keys(first?.services ?? {}).map((name) => {
    const all = windows.flatMap(({ cost }) => cost.services[name] ?? [])
    return [
      name,
      {
        collectingShare: spreadOf(all.map(({ collectingShare }) => collectingShare)),
        loopDelayP99Ms: spreadOf(all.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
      },
    ]
  })
  return {
    processorMsPerUnit: Object.fromEntries(names.map((name) => [name, perUnit(name)])),
    services: Object.fromEntries(ofServices) as Measured['services'],
    noiseMs: spreadOf(windows.map(({ cost }) => cost.noiseMs)),
  }
}

function judge(aim: Aim, figures: Record<string, Spread>): Measured['aims'][number] {
  const value = figures[aim.figure]?.median ?? Number.NaN
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = aim
  return { ...aim, value, reached: value >= atLeast && value <= atMost }
}

function stageQuantiles(before: Sample[], after: Sample[]): NonNullable<Measured['stages']> {
  const stages = [...stageCounts(before, after)].map(([stage, counts]) => {
    const ms = (share: number) => 1000 * quantileOf(counts, share)
    return [stage, { p50: ms(0.5), p90: ms(0.9), p99: ms(0.99) }] as const
  })
  return Object.fromEntries(stages)
}
