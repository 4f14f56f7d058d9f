import { createHash, createHmac } from 'node:crypto'
import {
  claimKey,
  findAnswer,
  type IdempotencyEntry,
  type IdempotencyTables,
  storeAnswer,
} from '@rollcall/outbox/idempotency'
import type { Clock } from '@rollcall/runtime/clock'
import type { Request } from 'express'
import type { Kysely, Transaction } from 'kysely'
import type { Answer, OnceAnswer } from './answers.ts'
import { canonicalJson } from './canonical-json.ts'
import { DomainError } from './errors.ts'
import type { IdempotentRequest } from './operation.ts'

const HEADER = 'idempotency-key'
const KEY_FORM = /^[\x21-\x7e]{1,255}$/

interface Caller {
  operationId: string
  /** Missing for somebody who is not signed in. */
  callerId: string | undefined
}

/** @throws {DomainError} `ValidationError` when the header is not 1 to 255 visible ASCII characters. */
export function idempotentRequest(req: Request, { operationId, callerId }: Caller): IdempotentRequest {
  const key = req.get(HEADER)
  if (key !== undefined && !KEY_FORM.test(key)) {
    const message = 'must be 1 to 255 visible ASCII characters'
    throw new DomainError('ValidationError', `not accepted: ${HEADER}`, { details: { [HEADER]: message } })
  }
  return {
    scope: `${callerId ?? 'anonymous'}:${operationId}:${req.path}`,
    signedIn: callerId !== undefined,
    key,
    body: req.body,
  }
}

/** Runs work so that all of it commits or nothing does. */
type Transact<Tables> = <Result>(work: (tx: Transaction<Tables>) => Promise<Result>) => Promise<Result>

interface IdempotencyOptions<Tables> {
  db: Kysely<Tables>
  transact: Transact<Tables>
  clock: Clock
}

interface OnceWork<Tables, Result, Given extends Answer> {
  request: IdempotentRequest
  /** Must do its whole change in one call of the `transact` that it is given, and return what that call gave. */
  work(transact: Transact<Tables>): Promise<Result>
  answer(result: Result): Given
}

export type Once<Tables> = <Result, Given extends Answer>(
  what: OnceWork<Tables, Result, Given>,
) => Promise<OnceAnswer<Given>>

/** Thrown inside the transaction, so that it rolls back, when another request with the same key was first. */
class KeyTaken extends Error {}

/**
 * Makes an operation with an `Idempotency-Key` happen once: the answer is stored by the transaction that does the work,
 * so a crash between commit and answer leaves nothing to guess. Failures are not stored: they changed nothing.
 *
 * @throws {DomainError} `IdempotencyKeyReused` for the same key with another body.
 */
export function createIdempotency<Tables extends IdempotencyTables>(options: IdempotencyOptions<Tables>): Once<Tables> {
  const { db, transact, clock } = options

  return async ({ request, work, answer }) => {
    type Given = OnceAnswer<ReturnType<typeof answer>>
    if (request.key === undefined) return answer(await work(transact)) as Given
    const entry = identify(request.key, request)
    const earlier = await replay(db, entry)
    if (earlier) return earlier as Given
    try {
      const result = await work((change) =>
        transact(async (tx) => {
          if (!(await claimKey(tx, { ...entry, created_at: clock.now() }))) throw new KeyTaken()
          const value = await change(tx)
          await storeAnswer(tx, entry.id, JSON.stringify(answer(value as unknown as Awaited<ReturnType<typeof work>>)))
          return value
        }),
      )
      return answer(result) as Given
    } catch (error) {
      const first = error instanceof KeyTaken ? await replay(db, entry) : undefined
      if (first) return first as Given
      throw error
    }
  }
}

/**
 * The body's fingerprint is keyed by the client's key, which is not stored: a stolen table gives no password guesses.
 * Members in another order are the same body. The key of somebody who is not signed in is bound to what they send: two
 * strangers who happen to choose the same key never meet.
 */
function identify(key: string, { scope, signedIn, body }: IdempotentRequest): IdempotencyEntry {
  const fingerprint = createHmac('sha256', key)
    .update(canonicalJson(body ?? null))
    .digest()
  const id = createHash('sha256').update(`${scope}\n${key}`)
  if (!signedIn) id.update('\n').update(fingerprint)
  return { id: id.digest(), fingerprint }
}

async function replay<Tables extends IdempotencyTables>(
  db: Kysely<Tables>,
  { id, fingerprint }: IdempotencyEntry,
): Promise<Answer | undefined> {
  const stored = await findAnswer(db, id)
  if (!stored) return undefined
  if (!stored.fingerprint.equals(fingerprint)) {
    throw new DomainError('IdempotencyKeyReused', 'this Idempotency-Key was used with another body')
  }
  return JSON.parse(stored.answer) as Answer
}
