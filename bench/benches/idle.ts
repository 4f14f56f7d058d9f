import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenBench, Window } from '../measuring/bench.ts'
import { readProcesses, timeOfTree } from '../measuring/processor-time.ts'
import { startWholeStack } from '../stage/whole-stack.ts'

const SETTLING_MS = 8000
const WATCHED_MS = 12_000

/** The share of a core that each service takes while nobody asks it for anything. */
export async function openIdle(): Promise<OpenBench> {
  const { services, close } = await startWholeStack()
  await sleep(SETTLING_MS)
  async function doNothing(): Promise<Window> {
    const before = await readProcesses()
    await sleep(WATCHED_MS)
    const after = await readProcesses()
    const shares = Object.entries(services).map(([name, { pid }]) => {
      const took = timeOfTree(after, pid) - timeOfTree(before, pid)
      return [figureOf(name), (100 * took) / WATCHED_MS]
    })
    return { units: WATCHED_MS / 1000, seconds: WATCHED_MS / 1000, figures: Object.fromEntries(shares) }
  }
  return {
    unit: 'second',
    subject: { what: 'nobody asks', run: doNothing },
    aims: Object.keys(services).map((name) => ({ figure: figureOf(name), atMost: 1.5 })),
    services: {},
    close,
  }
}

const figureOf = (service: string) => `${service}, % of a core`
