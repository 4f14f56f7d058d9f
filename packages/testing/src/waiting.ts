import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks every 10 ms until there is an answer.
 *
 * @throws {Error} that names what did not come within `timeoutMs`.
 */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Answer | undefined | Promise<Answer | undefined>,
  timeoutMs = 15_000,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${timeoutMs} ms`)
    await sleep(10)
  }
}
