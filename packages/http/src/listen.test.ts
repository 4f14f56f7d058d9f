import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { listen } from './listen.ts'

interface Got {
  status: number
  connection: string | undefined
  body: string
}

function get(port: number, agent: Agent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', agent }, async (answer) => {
      const { statusCode = 0, headers } = answer
      resolve({ status: statusCode, connection: headers.connection, body: await text(answer) })
    })
    call
      .once('error', ({ code }: NodeJS.ErrnoException) => reject(new Error(`${code}, reused: ${call.reusedSocket}`)))
      .end()
  })
}

it('says close to every answer while it drains, and resets none', async () => {
  const listener = await listen(
    async (_, response) => {
      await sleep(20)
      response.write('half ')
      await sleep(20)
      response.end('and half')
    },
    { port: 0, graceMs: 300 },
  )
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  const answers: Got[] = []
  const refused: string[] = []
  let drained: Promise<void> | undefined
  await Promise.all(
    agents.map(async (agent) => {
      for (;;) {
        try {
          answers.push(await get(listener.port, agent))
        } catch (error) {
          refused.push((error as Error).message)
          return
        }
        if (answers.length > 40) drained ??= listener.drain()
      }
    }),
  )
  await drained
  // The system itself resets a new connection that nobody has taken when the listening ends; one that was taken is never cut.
  expect(refused.filter((refusal) => !/^(ECONNREFUSED|ECONNRESET), reused: false$/.test(refusal))).toEqual([])
  expect(answers.every(({ status, body }) => status === 200 && body === 'half and half')).toBe(true)
  expect(answers.some(({ connection }) => connection === 'close')).toBe(true)
  for (const agent of agents) agent.destroy()
})

it('does not wait for connections on which nothing happens', async () => {
  const listener = await listen((_, response) => void response.end('ok'), { port: 0, graceMs: 10 })
  const agent = new Agent({ keepAlive: true })
  expect((await get(listener.port, agent)).connection).toBe('keep-alive')
  const startedAt = performance.now()
  await listener.drain()
  expect(performance.now() - startedAt).toBeLessThan(2000)
  agent.destroy()
})
