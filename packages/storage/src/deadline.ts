import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { EngineAway } from '@rollcall/runtime/engine-away'

const ENGINE = 'MinIO'

/** A storage that hangs is one that is away: whoever waits tries again later. */
export function away(cause: unknown): EngineAway {
  return new EngineAway(ENGINE, { cause })
}

export const lateAnswer = () => away(new Error('the object storage does not answer in time'))

/**
 * What `call` gives, within so many milliseconds.
 *
 * @param discard gets what comes later all the same: a stream that nobody reads would keep its connection for ever
 * @throws {EngineAway} when the time is over
 */
export async function inTime<Result>(
  call: Promise<Result>,
  deadlineMs: number,
  discard?: (late: Result) => void,
): Promise<Result> {
  const over = Promise.withResolvers<never>()
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    over.reject(lateAnswer())
  }, deadlineMs)
  void call.then(
    (late) => isOver && discard?.(late),
    () => {},
  )
  try {
    return await Promise.race([call, over.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** All of a stream within so many milliseconds. @throws {EngineAway} when it stalls, or breaks off */
export async function readInTime(stream: Readable, deadlineMs: number): Promise<Buffer> {
  const timer = setTimeout(() => stream.destroy(lateAnswer()), Math.max(0, deadlineMs))
  try {
    return await buffer(stream)
  } catch (error) {
    throw error instanceof EngineAway ? error : away(error)
  } finally {
    clearTimeout(timer)
  }
}
