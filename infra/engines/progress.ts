export interface Progress {
  /**
   * Says what is being done, then every ten seconds how long it has taken so far, and at last how long it took. What
   * `work` tells of itself stands in those lines.
   */
  step<T>(title: string, work: (tell: (detail: string) => void) => Promise<T>): Promise<T>
  say(line: string): void
}

const REPEAT_MS = 10_000

/**
 * Writes lines, never a moving picture: the output is as readable in a file as in a terminal. `onStep` hears of every
 * step that begins.
 */
export function createProgress(write: (text: string) => void, onStep: (title: string) => void = () => {}): Progress {
  const say = (line: string) => write(`${line}\n`)
  return {
    say,
    async step(title, work) {
      const startedAt = performance.now()
      const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
      let detail = ''
      const tell = (told: string) => {
        detail = `, ${told}`
      }
      say(`  ${title} ...`)
      onStep(title)
      const repeat = setInterval(() => say(`  ${title} ... ${elapsed()} so far${detail}`), REPEAT_MS)
      try {
        const result = await work(tell)
        say(`  ${title}: done in ${elapsed()}`)
        return result
      } finally {
        clearInterval(repeat)
      }
    },
  }
}

export const silent: Progress = createProgress(() => {})
