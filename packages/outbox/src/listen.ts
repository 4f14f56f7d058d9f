import type { Logger } from '@rollcall/runtime/logger'
import { Client } from 'pg'
import { wakeChannel } from './wake.ts'

const RECONNECT_MS = 1000

/** Calls `woken` for every wake-up. A lost connection is made again; meanwhile the relay finds rows by polling. */
export function listenForWakes({ databaseUrl, log, woken }: { databaseUrl: string; log: Logger; woken(): void }) {
  let client: Client | undefined
  let retry: NodeJS.Timeout | undefined
  let stopped = false

  async function connect() {
    const candidate = new Client({ connectionString: databaseUrl, keepAlive: true, application_name: 'outbox-listen' })
    client = candidate
    candidate.on('notification', woken)
    candidate.on('error', (error) => log.debug({ err: error }, 'lost the connection that listens for wake-ups'))
    candidate.on('end', reconnect)
    try {
      await candidate.connect()
      await candidate.query(`listen ${wakeChannel}`)
      woken()
    } catch (error) {
      log.debug({ err: error }, 'cannot listen for wake-ups')
      await candidate.end().catch(() => {})
      reconnect()
    }
  }

  function reconnect() {
    if (stopped || retry) return
    retry = setTimeout(() => {
      retry = undefined
      void connect()
    }, RECONNECT_MS)
  }

  void connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(retry)
      await client?.end().catch(() => {})
    },
  }
}
