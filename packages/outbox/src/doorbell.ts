export interface Doorbell {
  ring(): void
  /** Waits for a ring, at most so many milliseconds; a ring since the last wait ends it at once. */
  wait(milliseconds: number): Promise<void>
}

/** Joins wake-ups and polling: whichever comes first. */
export function createDoorbell(): Doorbell {
  let rung = false
  let answer: (() => void) | undefined
  return {
    ring() {
      rung = true
      answer?.()
    },
    async wait(milliseconds) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          answer = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        answer = undefined
      }
      rung = false
    },
  }
}
