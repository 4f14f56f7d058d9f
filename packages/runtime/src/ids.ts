import { v5, v7 } from 'uuid'

/** Namespace of every id that Rollcall derives from others. Never changed: derived ids are how a redelivery is recognised. */
const ROLLCALL_NAMESPACE = 'b3d1c3f0-6f0e-5c0a-9f6e-1d2a7c4e8b90'

/** A time-ordered id (UUIDv7, RFC 9562): new rows land at the end of an index. */
export function newId(): string {
  return v7()
}

/** The same id for the same parts (UUIDv5, RFC 9562). Parts are joined so that ('a', 'bc') differs from ('ab', 'c'). */
export function deriveId(...parts: string[]): string {
  return v5(JSON.stringify(parts), ROLLCALL_NAMESPACE)
}
