import { setTimeout as sleep } from 'node:timers/promises'
import { isEngineAway } from '@rollcall/runtime/engine-away'
import type { Logger } from '@rollcall/runtime/logger'

const PAUSE_MS = 200

/**
 * Repeats a write while the database is away.
 *
 * @throws what the write throws for another reason, or once `limitMs` have passed
 */
export async function untilAnswered<Result>(
  write: () => Promise<Result>,
  { log, limitMs }: { log: Logger; limitMs: number },
): Promise<Result> {
  const deadline = performance.now() + limitMs
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (!isEngineAway(error) || performance.now() > deadline) throw error
      log.warn({ err: error }, 'the ledger is away; what became of a mail is written as soon as it is back')
      await sleep(PAUSE_MS)
    }
  }
}
