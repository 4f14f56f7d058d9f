import { kill, pid } from 'node:process'

/**
 * A named place between two steps where a crash matters. Production passes {@link noCheckpoint}; a crash test passes
 * one that ends the process there, which is the only way to prove what happens after.
 */
export type Checkpoint = (name: string) => Promise<void>

export const noCheckpoint: Checkpoint = async () => {}

/** A checkpoint that sends SIGKILL to its own process the first time that it passes `name`. */
export function killAt(name: string | undefined): Checkpoint {
  if (name === undefined) return noCheckpoint
  return async (reached) => {
    if (reached !== name) return
    kill(pid, 'SIGKILL')
    // The signal is delivered asynchronously: nothing after the checkpoint may run meanwhile.
    await new Promise<never>(() => {})
  }
}
