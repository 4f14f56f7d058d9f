/**
 * JSON with the members of every object in one order (as RFC 8785 sorts them, by UTF-16 code units), so that two texts of
 * the same value are the same text.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (isObject(member) ? sorted(member) : member))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  // Without a prototype: a member named `__proto__` is one like any other.
  const result: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(object).sort()) result[name] = object[name]
  return result
}
