import type { Started } from './engines/engine.ts'
import type { Progress } from './progress.ts'

const PAUSE_MS = 1000

export interface Supervisor {
  /** Starts a part, and starts it again whenever it ends by itself. */
  run(start: () => Promise<Started>): Promise<Started>
  /** Ends everything, the last started first. */
  stop(): Promise<void>
}

/** Keeps what was started running until `stop`, and remembers the order. */
export function createSupervisor(progress: Progress, onStarted: (started: Started) => void): Supervisor {
  const running: Started[] = []
  let stopping = false

  function watch(started: Started, slot: number, start: () => Promise<Started>): void {
    void started.ended.then(() => {
      if (stopping) return
      progress.say(`${started.name} has ended by itself; starting it again (its log: npm run logs ${started.name})`)
      setTimeout(() => void restart(started.name, slot, start), PAUSE_MS)
    })
  }

  async function restart(name: string, slot: number, start: () => Promise<Started>): Promise<void> {
    if (stopping) return
    try {
      const started = await start()
      running[slot] = started
      onStarted(started)
      if (stopping) await started.stop()
      else watch(started, slot, start)
    } catch (error) {
      progress.say(`${name} cannot be started: ${error instanceof Error ? error.message : String(error)}`)
      setTimeout(() => void restart(name, slot, start), PAUSE_MS * 5)
    }
  }

  return {
    async run(start) {
      const started = await start()
      const slot = running.push(started) - 1
      onStarted(started)
      watch(started, slot, start)
      return started
    },
    async stop() {
      stopping = true
      for (const started of running.toReversed()) {
        progress.say(`  stopping ${started.name}`)
        await started.stop()
      }
    },
  }
}
