import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'
import { waitFor } from './waiting.ts'

it('waits for an engine and says so once, not at every try', async () => {
  const lines: string[] = []
  const log = createLogger({ service: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } })
  let tries = 0
  const attempt = async () => {
    tries += 1
    if (tries < 3) throw new Error('connect ECONNREFUSED')
    return 'connected'
  }
  expect(await waitFor('Kafka', attempt, { log })).toBe('connected')
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['waiting for Kafka', 'Kafka is there'])
})

it('stops waiting when it is told to', async () => {
  const log = createLogger({ service: 'test', level: 'silent' })
  const stop = new AbortController()
  const waiting = waitFor('Kafka', () => Promise.reject(new Error('away')), { log, signal: stop.signal })
  stop.abort()
  await expect(waiting).rejects.toThrow()
})
