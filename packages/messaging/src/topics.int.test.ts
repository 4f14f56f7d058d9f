import { randomUUID } from 'node:crypto'
import { expect, inject, it } from 'vitest'
import { log } from '../test/probe.ts'
import { createKafka } from './kafka.ts'
import { applyTopics } from './topics.ts'

it('creates topics, finds nothing to do the second time, and changes a setting', async () => {
  const namespace = `t${randomUUID().slice(0, 8)}.`
  const kafka = createKafka({ brokers: [inject('engines').kafka], clientId: 'test', namespace, log })
  const compacted = { topic: 'a.snapshot', partitions: 2, config: { 'cleanup.policy': 'compact' } }
  const aging = {
    topic: 'a.happened',
    partitions: 3,
    config: { 'cleanup.policy': 'delete', 'retention.ms': '86400000' },
  }

  const first = await applyTopics({ kafka, log }, [compacted, aging])
  expect(first.create.map(({ topic }) => topic)).toEqual([`${namespace}a.snapshot`, `${namespace}a.happened`])
  const nothing = { create: [], alter: [], otherPartitions: [] }
  await expect.poll(() => applyTopics({ kafka, log }, [compacted, aging]), { timeout: 15_000 }).toEqual(nothing)

  const longer = { ...aging, config: { ...aging.config, 'retention.ms': '172800000' } }
  const changed = await applyTopics({ kafka, log }, [compacted, longer])
  expect(changed.alter.map(({ topic }) => topic)).toEqual([`${namespace}a.happened`])
  await expect.poll(() => applyTopics({ kafka, log }, [compacted, longer]), { timeout: 15_000 }).toEqual(nothing)
})

it('lets several processes create them at once', async () => {
  const namespace = `t${randomUUID().slice(0, 8)}.`
  const kafka = createKafka({ brokers: [inject('engines').kafka], clientId: 'test', namespace, log })
  const topics = ['a', 'b', 'c'].map((topic) => ({ topic, partitions: 1, config: {} }))
  await Promise.all(Array.from({ length: 4 }, () => applyTopics({ kafka, log }, topics)))
  expect(await applyTopics({ kafka, log }, topics)).toMatchObject({ create: [] })
})
