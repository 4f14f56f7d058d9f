/** What one foreign tool said about one promise. */
export interface Outcome {
  name: string
  passed: boolean
  /** What was seen, in a few words; what went wrong when it did not pass. */
  detail: string
}

/** Runs a check whose failure is an exception; `check` gives what it has seen. */
export async function outcomeOf(name: string, check: () => Promise<string>): Promise<Outcome> {
  try {
    return { name, passed: true, detail: await check() }
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

export function printOutcome({ name, passed, detail }: Outcome): void {
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'}  ${name}: ${detail}\n`)
}
