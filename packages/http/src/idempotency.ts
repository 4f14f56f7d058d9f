import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '@rollcall/runtime/clock'
import type { Request } from 'express'
import type { Kysely, Transaction } from 'kysely'
import { DomainError } from './errors.ts'
import type { Answer, IdempotentRequest } from './operation.ts'

export interface IdempotencyTables {
  idempotency_keys: {
    /** Hash of caller, operation and key: the key itself is a secret of its caller. */
    id: Buffer
    fingerprint: Buffer
    answer: string
    created_at: Date
  }
}

const HEADER = 'idempotency-key'
const KEY_FORM = /^[\x21-\x7e]{1,255}$/

/** @throws {DomainError} `ValidationError` when the header is not 1 to 255 visible ASCII characters. */
export function idempotentRequest(
  req: Request,
  { operationId, callerId = 'anonymous' }: { operationId: string; callerId: string | undefined },
): IdempotentRequest {
  const key = req.get(HEADER)
  if (key !== undefined && !KEY_FORM.test(key)) {
    const message = 'must be 1 to 255 visible ASCII characters'
    throw new DomainError('ValidationError', `not accepted: ${HEADER}`, { details: { [HEADER]: message } })
  }
  return { scope: `${callerId}:${operationId}:${req.path}`, key, body: req.body }
}

/** Runs work so that all of it commits or nothing does. */
type Transact<Tables> = <Result>(work: (tx: Transaction<Tables>) => Promise<Result>) => Promise<Result>

interface IdempotencyOptions<Tables> {
  db: Kysely<Tables>
  transact: Transact<Tables>
  clock: Clock
}

interface Once<Tables, Result> {
  request: IdempotentRequest
  /** Must do its whole change in one call of the `transact` that it is given, and return what that call gave. */
  work(transact: Transact<Tables>): Promise<Result>
  answer(result: Result): Answer
}

/** Thrown inside the transaction, so that it rolls back, when another request with the same key was first. */
class KeyTaken extends Error {}

/**
 * Makes an operation with an `Idempotency-Key` happen once: the answer is stored by the transaction that does the work,
 * so a crash between commit and answer leaves nothing to guess. Failures are not stored: they changed nothing.
 *
 * @throws {DomainError} `IdempotencyKeyReused` for the same key with another body.
 */
export function createIdempotency<Tables extends IdempotencyTables>(options: IdempotencyOptions<Tables>) {
  const { transact, clock } = options
  const db = options.db as unknown as Kysely<IdempotencyTables>

  return async function once<Result>({ request, work, answer }: Once<Tables, Result>): Promise<Answer> {
    if (request.key === undefined) return answer(await work(transact))
    const entry = identify(request.key, request)
    const earlier = await replay(db, entry)
    if (earlier) return earlier
    try {
      const result = await work((change) =>
        transact(async (tx) => {
          const keys = tx as unknown as Transaction<IdempotencyTables>
          await claim(keys, { ...entry, created_at: clock.now() })
          const value = await change(tx)
          const stored = JSON.stringify(answer(value as unknown as Result))
          await keys.updateTable('idempotency_keys').set({ answer: stored }).where('id', '=', entry.id).execute()
          return value
        }),
      )
      return answer(result)
    } catch (error) {
      const first = error instanceof KeyTaken ? await replay(db, entry) : undefined
      if (first) return first
      throw error
    }
  }
}

interface Entry {
  id: Buffer
  fingerprint: Buffer
}

/** The body's fingerprint is keyed by the client's key, which is not stored: a stolen table gives no password guesses. */
function identify(key: string, { scope, body }: IdempotentRequest): Entry {
  const id = createHash('sha256').update(`${scope}\n${key}`).digest()
  const fingerprint = createHmac('sha256', key)
    .update(JSON.stringify(body ?? null))
    .digest()
  return { id, fingerprint }
}

async function claim(tx: Transaction<IdempotencyTables>, entry: Entry & { created_at: Date }) {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('idempotency_keys')
    .values({ ...entry, answer: '' })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw new KeyTaken()
}

async function replay(db: Kysely<IdempotencyTables>, { id, fingerprint }: Entry): Promise<Answer | undefined> {
  const stored = await db
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'answer'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!stored) return undefined
  if (!stored.fingerprint.equals(fingerprint)) {
    throw new DomainError('IdempotencyKeyReused', 'this Idempotency-Key was used with another body')
  }
  return JSON.parse(stored.answer) as Answer
}
