import { expect, it } from 'vitest'
import { planTopics } from './topics.ts'

const wanted = { topic: 'user.registered', partitions: 3, config: { 'retention.ms': '1000' } }

it('creates what is missing', () => {
  expect(planTopics([], [wanted])).toEqual({ create: [wanted], alter: [], otherPartitions: [] })
})

it('leaves alone what is as wanted, whatever else is set', () => {
  const found = { ...wanted, config: { ...wanted.config, 'segment.ms': '5' } }
  expect(planTopics([found], [wanted])).toEqual({ create: [], alter: [], otherPartitions: [] })
})

it('changes a setting that differs', () => {
  const found = { ...wanted, config: { 'retention.ms': '5' } }
  expect(planTopics([found], [wanted])).toMatchObject({ create: [], alter: [wanted] })
})

it('tells of another number of partitions without changing it', () => {
  expect(planTopics([{ ...wanted, partitions: 6 }], [wanted])).toEqual({
    create: [],
    alter: [],
    otherPartitions: [{ topic: 'user.registered', wanted: 3, found: 6 }],
  })
})
