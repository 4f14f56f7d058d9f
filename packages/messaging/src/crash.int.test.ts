import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { happened, log, startNamespace } from '../test/probe.ts'
import { connectProducer } from './producer.ts'

const patient = { timeout: 30_000, interval: 50 }
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Ids that the process has handled, as it prints them. */
function startProcess(namespace: string, killAt: string[] = []) {
  const script = new URL('../test/consumer-process.ts', import.meta.url).pathname
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  const child = spawn(process.execPath, [script, inject('engines').kafka, namespace, ...killAt], { stdio })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return { child, handled: () => output.split('\n').filter((line) => line !== '') }
}

describe('a consumer that dies', () => {
  it.each([
    ['between fetching and handling (crash point 8)', 'before-handle', false],
    ['between handling and committing the offset (crash point 10)', 'consumer-after-handle', true],
  ])('%s leaves its records to the next', async (_, place, handledBefore) => {
    const kafka = await startNamespace(inject('engines').kafka)
    const producer = await connectProducer({ kafka, log })
    const sent = Array.from({ length: 20 }, () => happened())
    await producer.send(sent)
    await producer.disconnect()
    const ids = sent.map(({ headers }) => String(headers['ce_id'])).toSorted()

    const dying = startProcess(kafka.namespace, [place])
    expect((await once(dying.child, 'exit'))[1]).toBe('SIGKILL')
    expect(dying.handled().length > 0).toBe(handledBefore)
    const next = startProcess(kafka.namespace)
    await expect.poll(() => next.handled().toSorted(), patient).toEqual(ids)
  })
})
