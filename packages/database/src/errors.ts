import { EngineAway } from '@rollcall/runtime/engine-away'
import { DatabaseError } from 'pg'

export const ENGINE = 'PostgreSQL'
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'

/**
 * SQLSTATE classes and codes (PostgreSQL, appendix A) that say "not now" rather than "not like this": connections, an
 * operator's intervention (with the end of a statement by its time limit), resources, and conflicts with somebody else.
 */
const NOT_NOW = /^(08|57P|57014|53|25P03|40001|40P01|55P03)/

/** The name of the unique constraint that refused a write, or undefined when something else went wrong. */
export function violatedUniqueConstraint(error: unknown): string | undefined {
  return error instanceof DatabaseError && error.code === UNIQUE_VIOLATION ? error.constraint : undefined
}

/** The name of the foreign key that refused a write, or undefined when something else went wrong. */
export function violatedForeignKey(error: unknown): string | undefined {
  return error instanceof DatabaseError && error.code === FOREIGN_KEY_VIOLATION ? error.constraint : undefined
}

/**
 * Whether a prepared statement no longer fits its tables: a migration has changed what it gives. It would fail for as
 * long as its connection lives. By the server's own function that says so, as code and words stand for more than this.
 */
export function isStalePlan(error: unknown): boolean {
  return error instanceof DatabaseError && error.routine === 'RevalidateCachedQuery'
}

/** The error as callers tell it: {@link EngineAway} where the database could not be asked, or ended the work itself. */
export function toCallersError(error: unknown): unknown {
  return couldNotBeAsked(error) ? new EngineAway(ENGINE, { cause: error }) : error
}

function couldNotBeAsked(error: unknown): boolean {
  if (error instanceof DatabaseError) return NOT_NOW.test(error.code ?? '') || isStalePlan(error)
  if (error instanceof AggregateError) return error.errors.some(couldNotBeAsked)
  if (!(error instanceof Error)) return false
  // A system's error names the call that failed; the driver says with a bare Error that it has lost its connection.
  return 'syscall' in error || Object.getPrototypeOf(error) === Error.prototype
}
