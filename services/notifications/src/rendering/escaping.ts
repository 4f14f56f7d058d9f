const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A variable held something that must not become a link. */
export class UnsafeUrl extends Error {
  override readonly name = 'UnsafeUrl'
}

/**
 * For text and quoted attributes. Values are put in after the Markdown has become HTML, so Markdown in them stays text;
 * line breaks, which a title or name has no use for, become spaces.
 *
 * @throws {UnsafeUrl} for a variable named `…Url` that is no web address
 */
export function escapeForHtml(value: string, variable: string): string {
  return escapeForText(value, variable).replace(/[&<>"']/g, (character) => HTML[character] ?? '')
}

/** For the plain text: one line, without control characters that could rearrange what is shown. */
export function escapeForText(value: string, variable: string): string {
  if (variable.endsWith('Url') && !/^https?:\/\/[^\s<>"]+$/.test(value))
    throw new UnsafeUrl(`{{${variable}}} is no URL`)
  return oneLine(value)
}

/** Code points of one value that a header shows. */
const LONGEST_IN_HEADER = 500

/** For a mail header: a line break would start another header. */
export function escapeForHeader(value: string): string {
  // By code points: half a character is none, and would be sent as another.
  return [...oneLine(value)].slice(0, LONGEST_IN_HEADER).join('')
}

/** C0 and C1 controls, line and paragraph separators, and the marks that reverse the direction of text. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu

/** What a name or title shows of itself, wherever in a mail it stands. */
export function oneLine(value: string): string {
  return value.replace(UNPRINTABLE, ' ').trim()
}
