import { Pool } from 'undici'

export interface LoadRequest {
  path: string
  method?: 'GET' | 'POST'
  token?: string
  body?: unknown
}

export interface LoadResult {
  /** Answers per second. */
  rate: number
  /** Milliseconds of each answer. */
  times: number[]
  statuses: Map<number, number>
}

/** Sends all requests over `connections` kept alive, each connection as fast as it is answered. */
export async function sendAll(
  baseUrl: string,
  requests: Iterable<LoadRequest>,
  connections: number,
): Promise<LoadResult> {
  const pool = new Pool(baseUrl, { connections, pipelining: 1 })
  const times: number[] = []
  const statuses = new Map<number, number>()
  const left = requests[Symbol.iterator]()
  // One for all connections: each takes what comes next.
  const queue = { [Symbol.iterator]: () => left }
  const began = performance.now()
  async function work() {
    for (const { path, method = 'GET', token, body } of queue) {
      const startedAt = performance.now()
      const headers = {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      }
      const answer = await pool.request({
        path,
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      })
      await answer.body.dump()
      times.push(performance.now() - startedAt)
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  const rate = times.length / ((performance.now() - began) / 1000)
  await pool.close()
  return { rate, times, statuses }
}

/** @throws when not every answer had this status: a load run that fails fast looks quick. */
export function expectAll({ statuses }: LoadResult, status: number): void {
  const others = [...statuses].filter(([found]) => found !== status)
  if (others.length > 0) throw new Error(`expected ${status} alone, got ${JSON.stringify([...statuses])}`)
}
