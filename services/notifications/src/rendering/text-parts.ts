/** A variable was used for which there is no value. */
export class MissingVariable extends Error {
  override readonly name = 'MissingVariable'
}

/** Text cut at its variables, so that rendering is one pass of concatenation. */
export interface TextParts {
  /** One more than there are variables: the text around them. */
  literals: string[]
  variables: string[]
}

/**
 * Variables travel through the Markdown and CSS tools as words of these letters, because braces would be escaped in
 * links; U+E000 is of the private use area, so no text holds it.
 */
const OPEN = '\uE000'
const CLOSE = '\uE001'

/** `{{name}}` becomes a mark that {@link cutAtVariables} finds again, whatever tool the text has gone through. */
export function markVariables(text: string): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => `${OPEN}${name}${CLOSE}`)
}

/** In an address, tools percent-encode the marks. */
const MARK = new RegExp(`(?:${OPEN}|%EE%80%80|&#xE000;)(\\w+)(?:${CLOSE}|%EE%80%81|&#xE001;)`, 'gi')

/** Marks as they were before a tool has encoded them. */
export function decodeMarks(text: string): string {
  return text.replace(MARK, (_, name) => `${OPEN}${name}${CLOSE}`)
}

export function cutAtVariables(marked: string): TextParts {
  // split() with one group alternates text and variable name.
  const pieces = marked.split(MARK)
  return {
    literals: pieces.filter((_, index) => index % 2 === 0),
    variables: pieces.filter((_, index) => index % 2 === 1),
  }
}

/**
 * @param makeSafe makes a value safe for the place that the text is for
 * @throws {MissingVariable}
 */
export function fillParts(
  { literals, variables }: TextParts,
  values: Readonly<Record<string, string>>,
  makeSafe: (value: string, variable: string) => string,
): string {
  let text = literals[0] ?? ''
  for (const [index, variable] of variables.entries()) {
    const value = values[variable]
    if (value === undefined) throw new MissingVariable(`no value for {{${variable}}}`)
    text += makeSafe(value, variable) + (literals[index + 1] ?? '')
  }
  return text
}
