import { expect, it } from 'vitest'
import { catalogue } from './catalogue.ts'
import { topicConfigs } from './topics.ts'

it('compacts snapshots and lets facts age', () => {
  const configs = new Map(topicConfigs().map(({ topic, config }) => [topic, config]))
  expect(configs.get('user.snapshot')).toMatchObject({ 'cleanup.policy': 'compact' })
  expect(configs.get('user.registered')).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '34560000000' })
  expect(configs.get('dead-letters')).toMatchObject({ 'cleanup.policy': 'delete' })
  expect(configs.size).toBe(catalogue.length + 1)
})
