import { hash } from 'node:crypto'

/** A text that has come so often keeps coming. */
const SEEN_BEFORE_NAMED = 3
/** Each costs every connection the memory of its plan; texts that grow with their input would go on without end. */
const MOST_NAMED = 200
const MOST_SEEN = 1000
const LONGEST_NAMED = 6000

/**
 * Gives names to the statements that keep coming: the server then parses such a statement once a connection, and plans
 * it a few times, instead of at every use. A name follows from its text, so that it means the same on every connection.
 */
export function createStatementNames(): (text: string) => string | undefined {
  const seen = new Map<string, number>()
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= MOST_NAMED || text.length > LONGEST_NAMED) return known
    const times = (seen.get(text) ?? 0) + 1
    if (times <= SEEN_BEFORE_NAMED) {
      if (seen.size >= MOST_SEEN) seen.clear()
      seen.set(text, times)
      return undefined
    }
    seen.delete(text)
    const name = hash('sha256', text, 'base64url')
    names.set(text, name)
    return name
  }
}
