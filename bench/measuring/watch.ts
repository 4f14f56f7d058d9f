import type { ServiceProcess } from '@rollcall/test-stack/processes'
import { timeFixedCalculation } from './noise.ts'
import { readProcessorTimes } from './processor-time.ts'
import { readSamples, type Sample, sumOf } from './prometheus.ts'

/** What a window cost beside its time. */
export interface Cost {
  /** Milliseconds of processor time of each process. */
  processorMs: Record<string, number>
  /** Of each service: the share of the window that garbage collection took, and how late its event loop was at worst. */
  services: Record<string, { collectingShare: number; loopDelayP99Ms: number }>
  /** Milliseconds of the fixed calculation just before. */
  noiseMs: number
}

export interface Watched {
  services: Record<string, ServiceProcess>
  /** Process ids by name. */
  engines: Record<string, number>
}

/** Does some work, and gives what it cost all processes. */
export async function watch<Result>(
  { services, engines }: Watched,
  work: () => Promise<Result>,
): Promise<{ result: Result; cost: Cost }> {
  const noiseMs = timeFixedCalculation()
  const pids = Object.fromEntries(Object.entries(services).map(([name, { pid }]) => [name, pid]))
  const roots = { ...pids, ...engines }
  // Each reading also begins a new measurement of the event loop's delay.
  const samplesBefore = await scrapeAll(services)
  const timesBefore = await readProcessorTimes(roots)
  const began = performance.now()
  const result = await work()
  const seconds = (performance.now() - began) / 1000
  const timesAfter = await readProcessorTimes(roots)
  const samplesAfter = await scrapeAll(services)
  const processorMs = Object.entries(timesAfter).map(([name, after]) => [name, after - (timesBefore[name] ?? 0)])
  const ofServices = Object.keys(services).map((name) => {
    const [before, after] = [samplesBefore[name] ?? [], samplesAfter[name] ?? []]
    const collecting = sumOf(after, 'nodejs_gc_duration_seconds_sum') - sumOf(before, 'nodejs_gc_duration_seconds_sum')
    const delays = after.filter((sample) => sample.name === 'nodejs_eventloop_lag_p99_seconds')
    const loopDelayP99Ms = 1000 * Math.max(...delays.map(({ value }) => value))
    return [name, { collectingShare: collecting / seconds, loopDelayP99Ms }]
  })
  const cost = { processorMs: Object.fromEntries(processorMs), services: Object.fromEntries(ofServices), noiseMs }
  return { result, cost }
}

async function scrapeAll(services: Record<string, ServiceProcess>): Promise<Record<string, Sample[]>> {
  const pages = Object.entries(services).map(async ([name, { innerUrl }]) => {
    const answer = await fetch(`${innerUrl}/metrics`)
    return [name, readSamples(await answer.text())]
  })
  return Object.fromEntries(await Promise.all(pages))
}
