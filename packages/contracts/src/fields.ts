import { z } from 'zod'

/** An id of ours. */
export const id = z.uuid()

/** ISO 8601 in UTC, with `Z`. */
export const time = z.iso.datetime()

/** A word of a closed vocabulary that its owner may extend, `ticket-issued`: never a sentence, never something typed by a person. */
export const code = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'not a code')

/** Compact JWE for the notifications service, see seal.ts. The second part is empty: the key is agreed, not wrapped. */
export const sealed = z.string().regex(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/, 'not a sealed part')
