import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'
import { z } from 'zod'
import { startNamespace } from '../test/probe.ts'

const SETTLE_MS = 3000
const WINDOW_MS = 6000

const Usage = z.object({ cpuMs: z.number(), wakeUps: z.number() })

it('sleeps while nothing happens: no timer that re-arms, under 3 % of a core (unpatched: 900 wake-ups a second)', async () => {
  const broker = inject('engines').kafka
  const { namespace } = await startNamespace(broker)
  const child = fork(join(import.meta.dirname, '../test/idle-process.ts'), [broker, namespace])
  const usage = async () => {
    child.send('usage')
    const [answer] = await once(child, 'message')
    return Usage.parse(answer)
  }
  try {
    await once(child, 'message')
    await sleep(SETTLE_MS)
    const before = await usage()
    await sleep(WINDOW_MS)
    const after = await usage()
    const perSecond = (after.wakeUps - before.wakeUps) / (WINDOW_MS / 1000)
    const share = (after.cpuMs - before.cpuMs) / WINDOW_MS
    expect(perSecond).toBeLessThan(250)
    expect(share).toBeLessThan(0.03)
  } finally {
    child.kill('SIGKILL')
  }
})
