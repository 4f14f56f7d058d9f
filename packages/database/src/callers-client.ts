import { EngineAway } from '@rollcall/runtime/engine-away'
import type { PostgresPoolClient } from 'kysely'
import type { PoolClient } from 'pg'
import { ENGINE, toCallersError } from './errors.ts'

/**
 * A connection of the pool as Kysely uses it. It throws {@link EngineAway} where the database could not be asked, or does
 * not answer within `deadlineMs`: its server ends a statement by itself, but not when the network between has gone silent.
 */
export function callersClient(client: PoolClient, deadlineMs: number): PostgresPoolClient {
  let silence: EngineAway | undefined
  // The pool listens to idle connections only. One that is cut while it is in use would end the process without this;
  // whoever uses it hears of it by what they ask next, and the pool drops it afterwards.
  client.on('error', () => {})

  async function answer(query: Promise<unknown>): Promise<unknown> {
    const over = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      silence = new EngineAway(ENGINE, { cause: new Error(`no answer within ${deadlineMs} ms`) })
      over.reject(silence)
    }, deadlineMs)
    try {
      return await Promise.race([query, over.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  const kept = {
    async query(text: string, values: readonly unknown[]) {
      // Behind a question that nobody answers, another one would only wait as long again: the rollback, above all.
      if (silence) throw silence
      try {
        return await answer(client.query(text, values as unknown[]))
      } catch (error) {
        throw toCallersError(error)
      }
    },
    release: (destroy?: boolean | Error) => client.release(destroy || silence !== undefined),
  }
  // Kysely's own type has cursors as well, which nothing here asks for.
  return kept as unknown as PostgresPoolClient
}
