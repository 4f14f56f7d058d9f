import { z } from 'zod'
import { canonicalTimeZone } from './time-zones.ts'

/** Character classes without their brackets: rules and documents are made of the same ones. No field takes these. */
export const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029'
/** Tab and line breaks may stand in longer text. */
const CONTROL_BUT_BREAKS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'

interface TextRule {
  min?: number
  /** Code points, as JSON Schema counts them. */
  max: number
  /** Line breaks and tabs are welcome. */
  multiline?: boolean
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Text as a person types it: stored and returned exactly as given, so only what no storage or mail can carry is refused. */
export function textField({ min = 0, max, multiline = false }: TextRule) {
  const refused = multiline ? CONTROL_BUT_BREAKS : CONTROL
  const control = new RegExp(`[${refused}]`)
  return z
    .string()
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .refine((text) => !control.test(text), 'must not contain control characters')
    .refine((text) => codePoints(text) <= max, `must be at most ${max} characters`)
    .refine((text) => min === 0 || text.trim() !== '', 'must not be empty')
    .refine((text) => codePoints(text) >= min, `must be at least ${min} characters`)
    .meta({ minLength: min, maxLength: max, pattern: textPattern(refused, min > 0) })
}

/** The same rules for whoever reads the API's document; something beside white space where text must not be empty. */
function textPattern(refused: string, needsContent: boolean): string {
  return needsContent ? `^[^${refused}]*[^\\s\\ufeff${refused}][^${refused}]*$` : `^[^${refused}]*$`
}

/**
 * A whole number in a query, in the one way that people write it: digits, without sign, leading zero, exponent or other
 * base. What a number's own parser takes beside that (`0x10`, `1e1`, ` 5`) would mean one thing here and another there.
 */
export function integerParameter({ min, max }: { min: number; max: number }) {
  const wanted = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,14})$/, wanted)
    .transform(Number)
    .pipe(z.number().min(min, wanted).max(max, wanted))
    .meta({ override: { type: 'integer', minimum: min, maximum: max } })
}

export const idField = z.uuid().meta({ format: 'uuid' })

/** ISO 8601 with offset, at most milliseconds; becomes a Date. */
export const instantField = z.iso
  .datetime({ offset: true })
  .max(40)
  .transform((text, context) => {
    const date = new Date(text)
    // Beyond the year 9999, ISO 8601 needs more digits than anybody's parser takes.
    const year = date.getUTCFullYear()
    if (year >= 0 && year <= 9999) return date
    context.addIssue({ code: 'custom', message: 'is not a point in time' })
    return z.NEVER
  })

const NOT_A_ZONE = 'must be an IANA time zone such as Europe/Berlin'

/** An IANA time zone, in its canonical spelling. Offsets such as +01:00 are none: they know no daylight saving. */
export const timeZoneField = z
  .string()
  .max(60)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, NOT_A_ZONE)
  .transform((name, context) => {
    const zone = canonicalTimeZone(name)
    if (zone !== undefined) return zone
    context.addIssue({ code: 'custom', message: NOT_A_ZONE })
    return z.NEVER
  })
