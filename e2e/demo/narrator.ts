import { type ApiAnswer, type ApiClient, type CallOptions, createApiClient } from '@rollcall/testing/api-client'

/** A step that did not turn out as the journey needs; its message says what was expected and what came. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
}

interface Expected {
  status: number
  /** What is worth showing of the answer. */
  show?(answer: ApiAnswer): string
}

export interface Narrator {
  /** Prints a heading. */
  say(text: string): void
  /** Does something else than a call, timed and printed. */
  step<Result>(what: string, work: () => Promise<Result>, show: (result: Result) => string): Promise<Result>
  call(method: string, path: string, options: CallOptions, expected: Expected): Promise<ApiAnswer>
  api: ApiClient
}

const print = (line: string) => void process.stdout.write(`${line}\n`)

export function createNarrator(gatewayUrl: string): Narrator {
  const api = createApiClient(gatewayUrl)

  async function step<Result>(what: string, work: () => Promise<Result>, show: (result: Result) => string) {
    const startedAt = performance.now()
    const timed = () => `${(performance.now() - startedAt).toFixed(0).padStart(5)} ms`
    try {
      const result = await work()
      print(`  ok   ${timed()}  ${what}  ->  ${show(result)}`)
      return result
    } catch (error) {
      print(`  FAIL ${timed()}  ${what}`)
      throw error
    }
  }

  return {
    api,
    step,
    say: (text) => print(`\n${text}`),
    call: (method, path, options, { status, show = () => '' }) =>
      step(
        `${method} ${shorten(path)}`,
        async () => {
          const answer = await api.call(method, path, options)
          if (answer.status === status) return answer
          throw new StepFailed(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`)
        },
        (answer) => [String(answer.status), show(answer)].filter((part) => part !== '').join(' '),
      ),
  }
}

/** Tokens in paths are secrets, also on a screen that somebody shows. */
function shorten(path: string): string {
  return path.replace(/(\/auth\/verify-email\/[^/]+\/).+/, '$1…')
}
