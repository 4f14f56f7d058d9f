import { afterAll, beforeAll, expect, it } from 'vitest'
import { createReadiness, type Readiness, startHealthServer } from './health.ts'
import { createLogger } from './logger.ts'
import { createRegistry } from './metrics.ts'

let readiness: Readiness
let server: Awaited<ReturnType<typeof startHealthServer>>

beforeAll(async () => {
  readiness = createReadiness()
  const log = createLogger({ service: 'test', level: 'silent' })
  server = await startHealthServer({ port: 0, readiness, registry: createRegistry('test'), log })
})

afterAll(() => server.close())

const get = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`)
  return { status: answer.status, text: await answer.text() }
}

it('lives before it is ready, and names what is missing', async () => {
  const gate = readiness.gate('start')
  readiness.check('postgres', () => {
    throw new Error('connect ECONNREFUSED')
  })
  expect((await get('/livez')).status).toBe(200)
  const answer = await get('/readyz')
  expect(answer.status).toBe(503)
  expect(JSON.parse(answer.text)).toEqual({
    status: 'not ready',
    failing: { start: 'not yet', postgres: 'connect ECONNREFUSED' },
  })
  readiness.check('postgres', async () => {})
  gate.open()
  expect((await get('/readyz')).status).toBe(200)
})

it('takes a probe that hangs for one that fails', async () => {
  readiness.check('slow', () => new Promise(() => {}))
  expect((await get('/readyz')).text).toContain('no answer')
  readiness.check('slow', () => {})
})

it('serves metrics in Prometheus’ format, and nothing else', async () => {
  expect((await get('/metrics')).text).toContain('process_cpu_seconds_total')
  expect((await get('/other')).status).toBe(404)
})
