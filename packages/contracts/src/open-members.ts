import { z } from 'zod'
import type { FactDefinition } from './define.ts'

/**
 * Members of a fact that could carry personal data or a secret. Facts stay for ever, so only ids, times, numbers,
 * booleans, closed lists and patterned codes are allowed outside `sealed`, whatever the member is called.
 *
 * @returns names of members that hold free text, or whose name says that they hold something personal
 */
export function openMembers(fact: FactDefinition): string[] {
  const { properties = {} } = z.toJSONSchema(fact.schema, { target: 'draft-7', io: 'input' })
  return Object.entries(properties)
    .filter(([name, schema]) => name !== 'sealed' && (soundsPersonal.test(name) || !isClosed(schema)))
    .map(([name]) => name)
}

const soundsPersonal = /e-?mail|name|phone|address|token|secret|password|url|title|location|(^|[a-z])[Ii]p$/i

function isClosed(schema: unknown): boolean {
  const { type, format, pattern, items, enum: values, const: constant } = jsonSchema.parse(schema)
  if (values !== undefined || constant !== undefined) return true
  if (type === 'string') return format === 'uuid' || format === 'date-time' || pattern !== undefined
  if (type === 'array') return isClosed(items ?? {})
  return type === 'integer' || type === 'number' || type === 'boolean'
}

const jsonSchema = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  items: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
})
