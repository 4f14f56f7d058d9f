import { expect, test } from 'vitest'
import { type Kept, rounded, writePage } from './page.ts'

const spread = (median: number) => ({ median, minimum: median / 2, maximum: median * 2 })

const run: Kept = {
  at: '2026-11-25T12:00:00.000Z',
  machine: { cores: 2, cpu: 'a CPU', memoryGiB: 24, node: 'v24.0.0' },
  durable: false,
  measured: {
    unit: 'mail',
    warmUp: { windows: 3, agreed: true },
    rounds: 5,
    sides: {
      subject: { what: 'ours', figures: { rate: spread(1157.4), p99: spread(53), oversold: spread(0) } },
      baseline: { what: 'bare', figures: { rate: spread(2314.8) } },
    },
    ratio: spread(0.5),
    processorMsPerUnit: { notifications: 1.25, load: 0.001 },
    services: { notifications: { collectingShare: spread(0.02), loopDelayP99Ms: spread(12) } },
    noiseMs: { median: 90, minimum: 89, maximum: 180 },
    aims: [
      { figure: 'rate', atLeast: 1000, value: 1157.4, reached: true },
      { figure: 'p99', atMost: 50, value: 53, reached: false },
    ],
    stages: { dot: { p50: 1, p90: 2, p99: 3 } },
  },
}

test('shows figures beside their baseline, what they cost, and each aim with whether it was reached', () => {
  const page = writePage({ mail: run })
  for (const line of [
    '## mail',
    '| ours | mails/s | 1,157 | 579 | 2,315 |',
    '| ours | p99, ms | 53 | 26.5 | 106 |',
    '| bare | mails/s | 2,315 | 1,157 | 4,630 |',
    '| ratio | of the rates | 0.5 | 0.25 | 1 |',
    '- reached: rate at least 1000 (1,157)',
    '- **missed**: p99 at most 50 (53)',
    'Processor time a mail, ms: notifications 1.25.',
    '| dot | 1 | 2 | 3 |',
  ])
    expect(page.split('\n')).toContain(line)
})

test('says so when the machine was noisy, or the engines durable', () => {
  expect(writePage({ mail: run })).toContain('**a noisy run**')
  expect(writePage({ mail: { ...run, durable: true } })).toContain('engines durable')
})

test('rounds to digits that count', () => {
  expect([0.123456, 12.3456, 1234.56, Number.NaN].map(rounded)).toEqual(['0.123', '12.3', '1,235', '–'])
})
