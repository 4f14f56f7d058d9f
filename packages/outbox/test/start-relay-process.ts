import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { waitUntil } from '@rollcall/testing/waiting'
import { inject } from 'vitest'
import type { RelaySettings } from './relay-process.ts'

export interface RelayProcess {
  logs(): string
  signal(signal: NodeJS.Signals): void
  /** Resolves with the signal that ended it. */
  ended: Promise<NodeJS.Signals | null>
  kill(): Promise<unknown>
}

/** Starts a relay and waits until it runs. The caller kills it. */
export async function startRelayProcess(wanted: Omit<RelaySettings, 'broker'>): Promise<RelayProcess> {
  const settings: RelaySettings = { ...wanted, broker: inject('engines').kafka }
  const script = join(import.meta.dirname, 'relay-process.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const relay = describe(child)
  await waitUntil('the relay process', () => relay.logs().includes('relay started') || undefined, 30_000)
  return relay
}

function describe(child: ChildProcess): RelayProcess {
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null)
  return {
    logs: () => output,
    signal: (signal) => child.kill(signal),
    ended,
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
