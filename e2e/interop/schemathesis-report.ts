import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Outcome } from './outcome.ts'

/** What a run of schemathesis has looked at. */
export interface Report {
  /** How many operations it was asked to try. */
  selected: number
  /** Those that answered at least once, such as `POST /events`. */
  tried: Set<string>
  checks: Map<string, { held: number; failed: number }>
}

/** The parts of its lines of JSON that count: which check said what about which answer. */
const Line = z.object({
  LoadingFinished: z.object({ statistic: z.object({ operations: z.object({ selected: z.int() }) }) }).optional(),
  ScenarioFinished: z
    .object({
      recorder: z.object({
        label: z.string(),
        checks: z.record(z.string(), z.array(z.object({ name: z.string(), status: z.string() }))).optional(),
      }),
    })
    .optional(),
})

/** Counted too, but there is no limit that it could check. */
const IDLE_CHECK = 'max_response_time'

export async function readReport(file: string): Promise<Report> {
  const report: Report = { selected: 0, tried: new Set(), checks: new Map() }
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const { LoadingFinished: loaded, ScenarioFinished: scenario } = Line.parse(JSON.parse(text))
    if (loaded) report.selected = loaded.statistic.operations.selected
    const results = Object.values(scenario?.recorder.checks ?? {}).flat()
    if (scenario?.recorder.label.includes(' /') && results.length > 0) report.tried.add(scenario.recorder.label)
    for (const { name, status } of results) count(report, { name, held: status === 'success' })
  }
  return report
}

function count({ checks }: Report, { name, held }: { name: string; held: boolean }): void {
  if (name === IDLE_CHECK) return
  const counts = checks.get(name) ?? { held: 0, failed: 0 }
  counts[held ? 'held' : 'failed'] += 1
  checks.set(name, counts)
}

/** A check that judged nothing has no line; that all operations were tried is an outcome of its own. */
export function outcomesOf(who: string, { selected, tried, checks }: Report): Outcome[] {
  const all: Outcome = {
    name: `schemathesis ${who}, operations tried`,
    passed: selected > 0 && tried.size === selected,
    detail: `${tried.size} of ${selected}`,
  }
  const judged = [...checks].map(([check, { held, failed }]) => ({
    name: `schemathesis ${who}, ${check}`,
    passed: failed === 0,
    detail: failed === 0 ? `${held} answers` : `${failed} of ${held + failed} answers fail`,
  }))
  return [all, ...judged]
}
