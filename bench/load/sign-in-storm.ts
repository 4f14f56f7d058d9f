import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Pool } from 'undici'

/** What a thread of this is given, so that those who read meanwhile are not held up by those who sign in. */
export interface StormOrder {
  baseUrl: string
  /** Each signs in by a connection of their own, all at once, and comes back when told to. */
  emails: string[]
  password: string
}

export interface StormDone {
  /** Sign-ins a second, from the first request to the last session. */
  rate: number
  /** Milliseconds of every answer that was a refusal: of the first attempts, which come in one instant, and of those after. */
  refusals: { first: number[]; later: number[] }
}

const { baseUrl, emails, password } = workerData as StormOrder
const pool = new Pool(baseUrl, { connections: emails.length, pipelining: 1 })
const refusals: StormDone['refusals'] = { first: [], later: [] }

async function signIn(email: string): Promise<void> {
  const body = JSON.stringify({ email, password })
  for (let attempt = 0; ; attempt += 1) {
    const startedAt = performance.now()
    const answer = await pool.request({
      path: '/auth/login',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    await answer.body.dump()
    if (answer.statusCode === 200) return
    if (answer.statusCode !== 503) throw new Error(`a sign-in was answered ${answer.statusCode}`)
    refusals[attempt === 0 ? 'first' : 'later'].push(performance.now() - startedAt)
    // Spread, as people are: those who come back in step would be refused in step.
    await pause(Number(answer.headers['retry-after']) * 1000 * (0.5 + Math.random()))
  }
}

const began = performance.now()
await Promise.all(emails.map(signIn))
const rate = emails.length / ((performance.now() - began) / 1000)
await pool.close()
parentPort?.postMessage({ rate, refusals } satisfies StormDone)
