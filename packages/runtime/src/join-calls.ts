export interface JoinOptions {
  /** Calls that go together at most. */
  most: number
  /** Joint calls under way at once. Default: 1. */
  atOnce?: number
}

interface Waiting<In, Out> {
  item: In
  resolve(out: Out): void
  reject(error: unknown): void
}

/**
 * Joins calls that come while one is under way: the first goes at once, those that come meanwhile go together behind it.
 * So nobody waits for a timer, and the more is asked for at a time, the less each costs.
 *
 * @param run answers each item, in their order; an `Error` among the answers is thrown to that caller alone, and what
 *   `run` throws to all whom it was run for
 */
export function joinCalls<In, Out>(
  run: (items: In[]) => Promise<readonly (Out | Error)[]>,
  { most, atOnce = 1 }: JoinOptions,
): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = []
  let running = 0

  async function runTogether(calls: Waiting<In, Out>[]) {
    running += 1
    try {
      const outs = await run(calls.map(({ item }) => item))
      if (outs.length !== calls.length) throw new TypeError(`${calls.length} calls got ${outs.length} answers`)
      for (const [index, call] of calls.entries()) {
        const out = outs[index] as Out | Error
        if (out instanceof Error) call.reject(out)
        else call.resolve(out)
      }
    } catch (error) {
      for (const call of calls) call.reject(error)
    }
    running -= 1
    runWaiting()
  }

  function runWaiting() {
    while (running < atOnce && waiting.length > 0) {
      const calls = waiting.slice(0, most)
      waiting = waiting.slice(most)
      void runTogether(calls)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      runWaiting()
    })
}
