import type { MessagePort, Worker } from 'node:worker_threads'
import { AggregatorRegistry, type MetricObject, type Registry } from 'prom-client'

const ASK = 'metrics?'
/** A thread that is busy for longer is left out of this one scrape. */
const PATIENCE_MS = 1000

interface ThreadMetrics {
  metrics: MetricObject[]
}

type Ask = () => Promise<MetricObject[]>
const threads = new WeakMap<Registry, Set<Ask>>()

/** From now on the figures of a thread that runs {@link answerForMetrics} appear among those of `registry`. */
export function askThreadForMetrics(registry: Registry, thread: Worker): void {
  const known = threads.get(registry) ?? new Set()
  threads.set(registry, known)
  const ask: Ask = () =>
    new Promise((resolve) => {
      const finish = (metrics: MetricObject[]) => {
        clearTimeout(late)
        thread.off('message', receive)
        resolve(metrics)
      }
      const receive = (message: unknown) => {
        if (isThreadMetrics(message)) finish(message.metrics)
      }
      const late = setTimeout(() => finish([]), PATIENCE_MS)
      thread.on('message', receive)
      thread.postMessage(ASK)
    })
  known.add(ask)
  thread.once('exit', () => known.delete(ask))
}

function isThreadMetrics(message: unknown): message is ThreadMetrics {
  return typeof message === 'object' && message !== null && 'metrics' in message
}

/** In the thread: tells its figures whenever it is asked. */
export function answerForMetrics(registry: Registry, parent: MessagePort): void {
  parent.on('message', (message: unknown) => {
    if (message !== ASK) return
    void registry.getMetricsAsJSON().then((metrics) => parent.postMessage({ metrics }))
  })
}

/** The process' figures with those of its threads, in Prometheus' text format. */
export async function exposeMetrics(registry: Registry): Promise<string> {
  const asked = [...(threads.get(registry) ?? [])]
  if (asked.length === 0) return registry.metrics()
  const all = await Promise.all([registry.getMetricsAsJSON(), ...asked.map((ask) => ask())])
  return AggregatorRegistry.aggregate(all).metrics()
}
