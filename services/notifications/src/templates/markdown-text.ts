import { type MarkedToken, marked, type Token } from 'marked'

/** Markdown as plain text for mail programs that show no HTML: links with their address, emphasis without its stars. */
export function markdownToText(markdown: string): string {
  return marked
    .lexer(markdown)
    .map((token) => blockText(token as MarkedToken))
    .filter((block) => block !== '')
    .join('\n\n')
}

function blockText(token: MarkedToken): string {
  switch (token.type) {
    case 'space':
      return ''
    case 'list':
      return token.items.map((item) => `- ${inlineText(item.tokens)}`).join('\n')
    case 'blockquote':
      return token.tokens.map((inner) => `> ${blockText(inner as MarkedToken)}`).join('\n')
    case 'heading':
    case 'paragraph':
      return inlineText(token.tokens)
    default:
      return token.raw.trim()
  }
}

function inlineText(tokens: Token[]): string {
  return (tokens as MarkedToken[])
    .map((token) => {
      switch (token.type) {
        case 'link':
          return `${inlineText(token.tokens)}: ${decodeMarks(token.href)}`
        case 'image':
          return `[${token.text}]`
        case 'br':
          return '\n'
        case 'strong':
        case 'em':
        case 'del':
        case 'text':
          return 'tokens' in token && token.tokens ? inlineText(token.tokens) : token.text
        default:
          return token.raw
      }
    })
    .join('')
}

/** The lexer leaves addresses as written; a mark in one must stay recognisable. */
const decodeMarks = (href: string) => href.replaceAll('%EE%80%80', '\uE000').replaceAll('%EE%80%81', '\uE001')
