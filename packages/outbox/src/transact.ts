import type { Kysely, Transaction } from 'kysely'
import type { OutboxTables } from './tables.ts'
import type { OutboxWake } from './wake.ts'

/** Runs work in a transaction and wakes the relay when it has committed. Throws what the work throws, rolled back. */
export type Transact<DB> = <Result>(work: (tx: Transaction<DB>) => Promise<Result>) => Promise<Result>

export function createTransact<DB extends OutboxTables>(
  db: Kysely<DB>,
  { wake }: Pick<OutboxWake, 'wake'>,
): Transact<DB> {
  return async (work) => {
    const result = await db.transaction().execute(work)
    wake()
    return result
  }
}
