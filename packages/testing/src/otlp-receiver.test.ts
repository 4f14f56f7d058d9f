import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startOtlpReceiver } from './otlp-receiver.ts'

/** A process of its own: the SDK registers itself globally. */
const program = `
  import { startTelemetry } from '@rollcall/runtime/telemetry'
  import { currentTraceId, withSpan } from '@rollcall/runtime/trace'
  const telemetry = startTelemetry({ service: 'probe', environment: process.env })
  await withSpan('outer', {}, async () => {
    await withSpan('inner', { attributes: { colour: 'green', size: 3 } }, async () => {})
    process.stdout.write(currentTraceId())
  })
  await telemetry.shutdown()
`

it('receives what a process exports', async () => {
  const receiver = await startOtlpReceiver()
  const { stdout: traceId } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...receiver.environment },
  })
  const spans = await receiver.waitForTrace(traceId, (found) => found.length === 2)
  const [outer, inner] = ['outer', 'inner'].map((name) => spans.find((span) => span.name === name))
  expect(outer).toMatchObject({ service: 'probe', parentSpanId: '' })
  expect(inner).toMatchObject({ parentSpanId: outer?.spanId, attributes: { colour: 'green', size: 3 } })
  await receiver.stop()
})

it('refuses what it cannot read', async () => {
  const receiver = await startOtlpReceiver()
  const answer = await fetch(`${receiver.endpoint}/v1/traces`, { method: 'POST', body: 'x' })
  expect(answer.status).toBe(400)
  await receiver.stop()
})
