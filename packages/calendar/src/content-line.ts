/** RFC 5545, 3.1: without its line break, a line has at most 75 octets. */
const MOST_OCTETS = 75

/** A content line, folded where it is too long, never within a character. */
export function property(name: string, value: string): string {
  const line = `${name}:${value}`
  if (Buffer.byteLength(line) <= MOST_OCTETS) return line
  const lines: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > MOST_OCTETS) {
      lines.push(part)
      // The space that marks a continuation counts.
      part = ' '
      octets = 1
    }
    part += character
    octets += size
  }
  return [...lines, part].join('\r\n')
}

/** A value of type TEXT (RFC 5545, 3.3.11). */
export function text(value: string): string {
  return value.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r\n|\r|\n/g, '\\n')
}
