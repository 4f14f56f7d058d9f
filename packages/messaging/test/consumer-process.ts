/** A consumer as a process of its own that prints what it handles, for tests that kill or cut it off. Settings: JSON. */
import process, { argv } from 'node:process'
import { killAt } from '@rollcall/runtime/checkpoint'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'
import { z } from 'zod'
import { createKafka } from '../src/kafka.ts'
import { keepConsuming } from '../src/keep-consuming.ts'
import { connectProducer } from '../src/producer.ts'
import { on } from '../src/subscriptions.ts'
import { detour } from './detour.ts'
import { ProbeHappened } from './probe.ts'

const { broker, namespace, place, port } = z
  .object({ broker: z.string(), namespace: z.string(), place: z.string().optional(), port: z.number().optional() })
  .parse(JSON.parse(argv[2] ?? ''))
if (port) detour(broker, port)
const log = createLogger({ service: 'consumer', level: 'error', destination: process.stderr })
const kafka = createKafka({ brokers: [broker], clientId: 'consumer', namespace, log })
const checkpoint = killAt(place)

const handle = on(ProbeHappened, 'print', async (messages) => {
  await checkpoint('before-handle')
  for (const { id } of messages) process.stdout.write(`${id}\n`)
})
keepConsuming({
  kafka,
  groupId: 'test.probes',
  startAt: 'earliest',
  subscriptions: [handle],
  producer: await connectProducer({ kafka, log }),
  registry: createRegistry('consumer'),
  log,
  checkpoint,
  sessionTimeoutMs: 6000,
})
