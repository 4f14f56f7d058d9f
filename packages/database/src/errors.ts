import { DatabaseError } from 'pg'

const UNIQUE_VIOLATION = '23505'

/** SQLSTATE classes and codes (PostgreSQL, appendix A) that say "not now" rather than "not like this". */
const AWAY = /^(08|57P|53|25P03|40001|40P01|55P03)/

/** What Node and node-postgres say when there is no server, or it went away in the middle. */
const AWAY_MESSAGES =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/

/** The name of the unique constraint that refused a write, or undefined when something else went wrong. */
export function violatedUniqueConstraint(error: unknown): string | undefined {
  return error instanceof DatabaseError && error.code === UNIQUE_VIOLATION ? error.constraint : undefined
}

/** Whether the database could not be asked: away, restarting, out of connections, or the work was ended by it. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return AWAY.test(error.code ?? '') || error.code === '57014'
  if (error instanceof AggregateError) return error.errors.some(isUnavailable)
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return AWAY_MESSAGES.test(`${code} ${error.message}`)
}
