import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Registry } from '@rollcall/runtime/metrics'
import { askThreadForMetrics } from '@rollcall/runtime/thread-metrics'
import type { EventsConfig } from '../config.ts'
import { createTurns, type Turns } from './turns.ts'

/** What the thread takes of the service's settings. */
const threadSettings = [
  'logLevel',
  'database',
  'checkpointKill',
  'redis',
  'storage',
  'tickets',
  'publicUrl',
  'notificationsKey',
] as const satisfies (keyof EventsConfig)[]

type ThreadSetting = (typeof threadSettings)[number]

export interface TicketThreadConfig extends Pick<EventsConfig, ThreadSetting> {
  turns: Int32Array
}

export interface TicketThread extends Pick<Turns, 'letTicketsCatchUp'> {
  /** Resolves when the thread has ended without having been told to. */
  failed: Promise<Error>
  /** Lets the tickets in hand be finished. */
  stop(): Promise<void>
}

/** Megabytes. Old: five times what is alive; a thread that needs more ends the service. */
const MEMORY = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 }

/**
 * Makes tickets in a thread of its own: drawing and storing images on the event loop of the API would make everybody
 * who registers wait for the tickets of those before. Its figures appear among the process' own.
 *
 * @throws when the thread cannot start, for example because Redis may evict keys
 */
export async function startTicketThread(config: EventsConfig, registry: Registry): Promise<TicketThread> {
  const turns = createTurns()
  const settings = Object.fromEntries(threadSettings.map((name) => [name, config[name]])) as Pick<
    EventsConfig,
    ThreadSetting
  >
  const workerData: TicketThreadConfig = { ...settings, turns: turns.shared }
  const thread = new Worker(new URL('./ticket-thread.ts', import.meta.url), { workerData, resourceLimits: MEMORY })
  let stopping = false
  const ended = new Promise<Error | undefined>((resolve) => {
    thread.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))))
    thread.once('exit', (code) => resolve(stopping ? undefined : new Error(`the ticket thread ended with ${code}`)))
  })
  const failure = await Promise.race([once(thread, 'message').then(() => undefined), ended])
  if (failure) throw failure
  askThreadForMetrics(registry, thread)
  return {
    letTicketsCatchUp: turns.letTicketsCatchUp,
    failed: new Promise((resolve) => void ended.then((error) => error && resolve(error))),
    async stop() {
      stopping = true
      turns.stop()
      thread.postMessage('stop')
      await ended
    },
  }
}
