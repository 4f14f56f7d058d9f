import { Gauge, type Registry } from '@rollcall/runtime/metrics'

type Report<Label extends string> = (gauge: Gauge<Label>) => void

/** Per registry and name: what the groups of the process report when they are asked. */
const reports = new WeakMap<Gauge, Map<string, Report<string>>>()

interface Declared<Label extends string> {
  name: string
  help: string
  labels: Label[]
}

/**
 * A gauge that several groups of one process share, as a registry takes a name only once. Values are asked for when
 * somebody scrapes; nothing has to tick for them.
 */
export function groupGauge<Label extends string>(registry: Registry, { name, help, labels }: Declared<Label>) {
  const gauge = (registry.getSingleMetric(name) as Gauge | undefined) ?? create(registry, { name, help, labels })
  return {
    /** Another report of the same group replaces the one before: a start that failed reports no more. */
    report(group: string, report: Report<Label>) {
      reports.get(gauge)?.set(group, report as Report<string>)
    },
  }
}

function create(registry: Registry, { name, help, labels }: Declared<string>): Gauge {
  const collecting = new Map<string, Report<string>>()
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      for (const report of collecting.values()) report(gauge)
    },
  })
  reports.set(gauge, collecting)
  return gauge
}
