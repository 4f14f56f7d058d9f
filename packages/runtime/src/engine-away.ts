/**
 * An engine (PostgreSQL, Redis, Kafka, MinIO) cannot be asked now: whoever needs it tries again later. Whatever talks to
 * an engine throws this, so that "not now" is told from "never like this" by its class and by no text.
 */
export class EngineAway extends Error {
  override readonly name = 'EngineAway'
  readonly engine: string

  constructor(engine: string, options?: ErrorOptions) {
    super(`${engine} is away`, options)
    this.engine = engine
  }
}

/** Whether an engine that is away is what an error comes from. */
export function isEngineAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof EngineAway) return true
  }
  return false
}
