import { expect, it } from 'vitest'
import { createRegistry, registerStages } from './metrics.ts'

it('notes stages in steps that are fine enough to read percentiles from, between half a millisecond and a minute', async () => {
  const registry = createRegistry('test')
  const note = registerStages<'read' | 'sent'>(registry, { name: 'probe_stage_seconds', help: 'Where probes wait' })
  note('read', 0.3)
  note('read', 90_000)
  note('sent', -5)
  const text = await registry.metrics()
  const steps = [...text.matchAll(/le="([\d.]+)",service="test",stage="read"\} 1$/gm)].map(([, le]) => Number(le))
  expect(steps[0]).toBe(0.0005)
  expect(steps.at(-1)).toBeGreaterThan(60)
  for (const [index, step] of steps.slice(1).entries()) expect(step / (steps[index] ?? 0)).toBeCloseTo(1.6)
  expect(text).toMatch(/probe_stage_seconds_count\{service="test",stage="read"\} 2$/m)
  // A clock of another machine that goes ahead of ours must not take anything away from the sum.
  expect(text).toMatch(/probe_stage_seconds_sum\{service="test",stage="sent"\} 0$/m)
})
