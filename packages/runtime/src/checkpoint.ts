import { kill, pid } from 'node:process'

/**
 * A named place between two steps where a crash matters. Production passes {@link noCheckpoint}; a crash test passes
 * one that ends the process there, which is the only way to prove what happens after.
 */
export type Checkpoint = (name: string) => Promise<void>

export const noCheckpoint: Checkpoint = async () => {}

/**
 * A checkpoint that sends SIGKILL to its own process the first time that it passes `place`, or the nth, given as
 * `place:n`: what works on several things at a time then dies in the middle of them.
 */
export function killAt(place: string | undefined): Checkpoint {
  if (place === undefined) return noCheckpoint
  const [name, times = '1'] = place.split(':')
  let left = Number(times)
  return async (reached) => {
    if (reached !== name) return
    left -= 1
    if (left > 0) return
    kill(pid, 'SIGKILL')
    // The signal is delivered asynchronously: nothing after the checkpoint may run meanwhile.
    await new Promise<never>(() => {})
  }
}
