/** A process with a producer and two consumers that have nothing to do. Answers every message with its usage so far. */
import { argv } from 'node:process'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'
import { startConsumer } from '../src/consumer.ts'
import { createKafka } from '../src/kafka.ts'
import { connectProducer } from '../src/producer.ts'
import { on, project } from '../src/subscriptions.ts'
import { ProbeHappened, ProbeSnapshot } from './probe.ts'

const [, , broker = '', namespace = ''] = argv
const log = createLogger({ service: 'idle', level: 'warn' })
const kafka = createKafka({ brokers: [broker], clientId: 'idle', namespace, log })
const producer = await connectProducer({ kafka, log })
const registry = createRegistry('idle')
const shared = { kafka, producer, log, registry, startAt: 'earliest' as const, sessionTimeoutMs: 6000 }
await startConsumer({ ...shared, groupId: 'idle.facts', subscriptions: [on(ProbeHappened, 'nothing', async () => {})] })
await startConsumer({
  ...shared,
  groupId: 'idle.states',
  subscriptions: [project(ProbeSnapshot, async () => {})],
})

process.on('message', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  const { loopCount } = performance.nodeTiming.uvMetricsInfo
  process.send?.({ cpuMs: (userCPUTime + systemCPUTime) / 1000, wakeUps: loopCount })
})
process.send?.('ready')
