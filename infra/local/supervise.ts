import type { Started } from '@rollcall/engines/engine'
import type { Progress } from '@rollcall/engines/progress'

const PAUSE_MS = 1000

/** Launches a process, tells `launched` at once, and gives it back when it is ready. */
export type Start = (launched: (started: Started) => void) => Promise<Started>

export interface Supervisor {
  /** Starts a part, and starts it again whenever it ends by itself. */
  run(start: Start): Promise<void>
  /** Ends everything, the last launched first. */
  stop(): Promise<void>
  isStopping(): boolean
}

/** Keeps what was started running until `stop`, and remembers the order; `onLaunched` hears of every process. */
export function createSupervisor(progress: Progress, onLaunched: (started: Started) => void): Supervisor {
  const running: Started[] = []
  let stopping = false

  function launch(start: Start): Promise<Started> {
    if (stopping) throw new Error('everything is being stopped')
    return start((started) => {
      running.push(started)
      onLaunched(started)
      if (stopping) void started.stop()
    })
  }

  function watch(started: Started, start: Start): void {
    void started.ended.then(() => {
      if (stopping) return
      running.splice(running.indexOf(started), 1)
      progress.say(`${started.name} has ended by itself; starting it again (its log: npm run logs ${started.name})`)
      setTimeout(() => void restart(started.name, start), PAUSE_MS)
    })
  }

  async function restart(name: string, start: Start): Promise<void> {
    if (stopping) return
    try {
      watch(await launch(start), start)
    } catch (error) {
      if (stopping) return
      progress.say(`${name} cannot be started: ${error instanceof Error ? error.message : String(error)}`)
      setTimeout(() => void restart(name, start), PAUSE_MS * 5)
    }
  }

  return {
    async run(start) {
      watch(await launch(start), start)
    },
    async stop() {
      stopping = true
      for (const started of running.toReversed()) {
        if (started.hasEnded()) continue
        progress.say(`  stopping ${started.name}`)
        await started.stop()
      }
    },
    isStopping: () => stopping,
  }
}
