import { randomUUID } from 'node:crypto'
import { message, tombstone } from '@rollcall/contracts/message'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { createRegistry } from '@rollcall/runtime/metrics'
import { waitFor } from '@rollcall/runtime/waiting'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { happened, log, ProbeHappened, ProbeSnapshot, startNamespace, toWire } from '../test/probe.ts'
import { type ConsumerOptions, type RunningConsumer, startConsumer } from './consumer.ts'
import type { ReceivedMessage } from './envelope.ts'
import { createKafka, type KafkaClients } from './kafka.ts'
import { connectProducer, type KafkaProducer } from './producer.ts'
import { on, project } from './subscriptions.ts'

const patient = { timeout: 30_000, interval: 20 }
let kafka: KafkaClients
let producer: KafkaProducer
let registry: ReturnType<typeof createRegistry>
let running: RunningConsumer[]

beforeEach(async () => {
  kafka = await startNamespace(inject('engines').kafka)
  producer = await connectProducer({ kafka, log })
  registry = createRegistry('test')
  running = []
})

afterEach(async () => {
  await Promise.all(running.map((it) => it.stop()))
  await producer.disconnect()
})

async function start(options: Pick<ConsumerOptions, 'subscriptions'> & Partial<ConsumerOptions>) {
  const consumer = await startConsumer({
    kafka,
    groupId: 'test.probes',
    startAt: 'earliest',
    sessionTimeoutMs: 6000,
    producer,
    registry,
    log,
    ...options,
  })
  running.push(consumer)
  return consumer
}

/** Also while the broker still looks for who coordinates a new group. */
const startPatiently = (options: Parameters<typeof start>[0]) => waitFor('Kafka', () => start(options), { log })

/** A subscription that keeps what it gets. */
function collect() {
  const received: ReceivedMessage<typeof ProbeHappened>[] = []
  const subscription = on(ProbeHappened, 'collect', async (messages) => {
    received.push(...messages)
  })
  return { received, subscription }
}

async function metric(pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await registry.metrics())?.[1])
}

describe('a consumer', () => {
  it('hands over facts of a key in their order, with their trace', async () => {
    const { received, subscription } = collect()
    const probeId = randomUUID()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const sent = Array.from({ length: 250 }, (_, index) => happened({ probeId, sequence: index + 1, traceparent }))
    await producer.send(sent)
    await start({ subscriptions: [subscription] })
    await expect.poll(() => received.length, patient).toBe(250)
    expect(received.map(({ sequence }) => sequence)).toEqual(sent.map((_, index) => index + 1))
    expect(received[0]).toMatchObject({ subject: probeId, traceparent, data: { probeId } })
  })

  it('runs every subscription of a topic, and projections with their tombstones', async () => {
    const seen: unknown[] = []
    const probeId = randomUUID()
    const at = new Date()
    await producer.send([
      toWire(message(ProbeSnapshot, { data: { probeId, name: 'one' }, sequence: 1, at })),
      toWire(tombstone(ProbeSnapshot, { id: probeId, sequence: 2, at })),
    ])
    await start({
      subscriptions: [
        project(ProbeSnapshot, async (messages) => {
          seen.push(...messages.map(({ subject, data }) => [subject, data?.name ?? null]))
        }),
        on(ProbeHappened, 'first', async () => void seen.push('first')),
        on(ProbeHappened, 'second', async () => void seen.push('second')),
      ],
    })
    await expect
      .poll(() => seen, patient)
      .toEqual([
        [probeId, 'one'],
        [probeId, null],
      ])
    await producer.send([happened()])
    await expect.poll(() => seen.slice(2), patient).toEqual(['first', 'second'])
  })

  it('reads a record that is larger than what it asks for at once', async () => {
    const { received, subscription } = collect()
    await producer.send([happened({ text: 'x'.repeat(900_000) }), happened({ text: 'small' })])
    await start({ subscriptions: [subscription] })
    await expect.poll(() => received.map(({ data }) => data.text?.length).toSorted(), patient).toEqual([5, 900_000])
  })

  it('goes on after the last committed record when it starts again', async () => {
    const before = collect()
    const first = await start({ subscriptions: [before.subscription] })
    await producer.send([happened(), happened()])
    await expect.poll(() => before.received.length, patient).toBe(2)
    await first.stop()
    running = []
    const after = collect()
    await producer.send([happened({ text: 'new' })])
    await start({ subscriptions: [after.subscription] })
    await expect.poll(() => after.received.map(({ data }) => data.text), patient).toEqual(['new'])
  })

  it('tries again while an engine is away, keeps its partitions meanwhile and skips nothing', async () => {
    const { received, subscription } = collect()
    const until = Date.now() + 8000
    let attempts = 0
    const failing = on(ProbeHappened, 'failing', async () => {
      attempts += 1
      if (Date.now() < until) throw new EngineAway('PostgreSQL')
    })
    await producer.send([happened()])
    // The session would end after 6 s without heartbeats, and the first subscription run again.
    await start({ subscriptions: [subscription, failing] })
    await expect.poll(() => Date.now() > until && received.length, patient).toBe(1)
    await producer.send([happened()])
    await expect.poll(() => received.length, patient).toBe(2)
    expect(attempts).toBeGreaterThan(3)
  })

  it('shares partitions with a second member, and both stop without losing anything', async () => {
    const handled = new Set<string>()
    const subscription = on(ProbeHappened, 'note', async (messages) => {
      for (const { id } of messages) handled.add(id)
    })
    const first = await start({ subscriptions: [subscription] })
    let sent = 0
    const sending = (async () => {
      for (; sent < 300; sent += 10) await producer.send(Array.from({ length: 10 }, () => happened()))
    })()
    await expect.poll(() => handled.size, patient).toBeGreaterThan(10)
    await start({ subscriptions: [subscription] })
    await first.stop()
    running.shift()
    await sending
    await expect.poll(() => handled.size, patient).toBe(300)
  })

  it('tells how far it is behind by the end of its topics, also of those that it does not get to', async () => {
    const gate = Promise.withResolvers<void>()
    const at = new Date()
    const snapshot = message(ProbeSnapshot, { data: { probeId: randomUUID(), name: 'one' }, sequence: 1, at })
    const consumer = await start({
      subscriptions: [on(ProbeHappened, 'waiting', () => gate.promise), project(ProbeSnapshot, async () => {})],
    })
    await producer.send([happened()])
    const lag = (name: string, topic: string) =>
      metric(new RegExp(`^consumer_lag_${name}\\{group="test.probes",topic="${topic}".*\\} (\\S+)$`, 'm'))
    await expect.poll(() => lag('records', 'probe.happened'), patient).toBe(1)
    // The one before holds up the whole group, and nobody has fetched this one.
    await producer.send([toWire(snapshot)])
    await expect.poll(() => lag('records', 'probe.snapshot'), patient).toBe(1)
    expect(await lag('seconds', 'probe.snapshot')).toBeGreaterThan(0)
    const behind = consumer.behindMs()
    await expect.poll(() => consumer.behindMs(), patient).toBeGreaterThan(behind + 1000)
    gate.resolve()
    await expect.poll(() => lag('records', 'probe.happened'), patient).toBe(0)
    await expect.poll(() => lag('seconds', 'probe.snapshot'), patient).toBe(0)
    expect(consumer.behindMs()).toBeLessThan(behind + 1000)
  })

  it('goes on with everything else after a message that its handler can never handle', async () => {
    const { received, subscription } = collect()
    const failing = on(ProbeHappened, 'failing', async (messages) => {
      if (messages.some(({ data }) => data.text === 'bad')) throw new TypeError('never like this')
    })
    const projected: string[] = []
    const snapshots = project(ProbeSnapshot, async (messages) => {
      projected.push(...messages.map(({ subject }) => subject))
    })
    await start({ subscriptions: [subscription, failing, snapshots] })
    const probeId = randomUUID()
    await producer.send([happened({ text: 'bad' }), happened({ text: 'good' })])
    const data = { probeId, name: 'one' }
    await producer.send([toWire(message(ProbeSnapshot, { data, sequence: 1, at: new Date() }))])
    await expect.poll(() => projected, patient).toContain(probeId)
    await producer.send([happened({ text: 'later' })])
    await expect.poll(() => received.map(({ data: { text } }) => text), patient).toContain('later')
    expect(await metric(/^dead_letters_total\{group="test.probes",topic="probe.happened".*\} (\S+)$/m)).toBe(1)
  })

  it('begins with what comes from now on where it says so', async () => {
    const { received, subscription } = collect()
    await producer.send([happened({ text: 'old' })])
    await startPatiently({ subscriptions: [subscription], startAt: 'latest' })
    const sending = setInterval(() => void producer.send([happened({ text: 'new' })]), 200)
    await expect.poll(() => received.length, patient).toBeGreaterThan(0)
    clearInterval(sending)
    expect(received.map(({ data }) => data.text)).not.toContain('old')
  })

  it('sees what was published while nobody consumed, also where it begins at the end and has seen nothing yet', async () => {
    const { received, subscription } = collect()
    const first = await startPatiently({ subscriptions: [subscription], startAt: 'latest' })
    await first.stop()
    await producer.send([happened({ text: 'meanwhile' })])
    await startPatiently({ subscriptions: [subscription], startAt: 'latest' })
    await expect.poll(() => received.map(({ data }) => data.text), patient).toEqual(['meanwhile'])
  })

  it('does not start while a topic is missing', async () => {
    const elsewhere = createKafka({ brokers: [inject('engines').kafka], clientId: 'test', namespace: 'nowhere.', log })
    await expect(start({ kafka: elsewhere, subscriptions: [collect().subscription] })).rejects.toThrow(/topic/)
  })

  it('says so when it has crashed for good', async () => {
    const broken = async () => {
      throw new TypeError('a mistake of ours')
    }
    const { subscription } = collect()
    const consumer = await start({ subscriptions: [subscription], checkpoint: broken })
    await producer.send([happened()])
    await expect(consumer.failed).resolves.toMatchObject({ message: 'consumer test.probes has crashed' })
  })
})
