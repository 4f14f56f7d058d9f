import { idField } from '@rollcall/http/fields'
import { z } from 'zod'

/** What every path of a mailed link holds. */
export const linkParams = z.object({
  userId: idField,
  token: z.string().regex(/^[A-Za-z0-9_-]{20,200}$/, 'is not a token'),
})

export type FollowedLink = z.infer<typeof linkParams>
