import type { Logger } from '@rollcall/runtime/logger'
import { Client } from 'pg'

const RECONNECT_MS = 1000

interface Listening {
  databaseUrl: string
  channel: string
  log: Logger
  /** For every notification, and whenever the connection is made: some may have been missed. */
  notified(): void
  /** Nothing is heard from here on, until `notified`. */
  lost?(): void
}

/** Listens on a channel. A lost connection is made again. */
export function listenOn({ databaseUrl, channel, log, notified, lost = () => {} }: Listening) {
  let client: Client | undefined
  let retry: NodeJS.Timeout | undefined
  let stopped = false

  async function connect() {
    const candidate = new Client({
      connectionString: databaseUrl,
      keepAlive: true,
      application_name: `listen-${channel}`,
    })
    client = candidate
    candidate.on('notification', notified)
    candidate.on('error', (error) => log.debug({ err: error, channel }, 'lost the connection that listens'))
    candidate.on('end', reconnect)
    try {
      await candidate.connect()
      await candidate.query(`listen ${channel}`)
      notified()
    } catch (error) {
      log.debug({ err: error, channel }, 'cannot listen')
      await candidate.end().catch(() => {})
      reconnect()
    }
  }

  function reconnect() {
    if (stopped || retry) return
    lost()
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
