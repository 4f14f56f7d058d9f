import { EngineAway } from '@rollcall/runtime/engine-away'
import type { PostgresPoolClient } from 'kysely'
import type { PoolClient } from 'pg'
import { ENGINE, isStalePlan, toCallersError } from './errors.ts'
import { createStatementNames } from './statement-names.ts'

const nameOf = createStatementNames()

/**
 * A connection of the pool as Kysely uses it. It throws {@link EngineAway} where the database could not be asked, or does
 * not answer within `deadlineMs`: its server ends a statement by itself, but not when the network between has gone silent.
 * Statements that keep coming are prepared.
 */
export function callersClient(client: PoolClient, deadlineMs: number): PostgresPoolClient {
  let silence: EngineAway | undefined
  let stale = false
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
      // Without values it is a transaction's own words, which the server need not plan.
      const name = values.length > 0 ? nameOf(text) : undefined
      try {
        return await answer(client.query({ name, text, values: values as unknown[] }))
      } catch (error) {
        stale ||= isStalePlan(error)
        throw toCallersError(error)
      }
    },
    release: (destroy?: boolean | Error) => client.release(destroy || stale || silence !== undefined),
  }
  // Kysely's own type has cursors as well, which nothing here asks for.
  return kept as unknown as PostgresPoolClient
}
