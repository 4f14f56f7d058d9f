import { textField } from '@rollcall/http/fields'
import { z } from 'zod'

/** Why staff do something, in their own words. */
export const reasonField = textField({ min: 1, max: 500, multiline: true })

/** The body of what staff do to somebody: a reason, or nothing at all. */
export const reasonBody = z
  .strictObject({ reason: reasonField.optional() })
  .optional()
  .meta({ id: 'Reason', example: { reason: 'Asked for by mail' } })
