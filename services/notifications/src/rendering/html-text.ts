import { compile, type DomNode } from 'html-to-text'
import { decodeMarks } from './text-parts.ts'

/**
 * HTML as plain text for mail programs that show no HTML: links with their address behind them, pictures by what they
 * show, lists with their numbers, and lines as long as they are.
 */
export const htmlToText = compile({
  wordwrap: false,
  selectors: [
    { selector: 'a', format: 'linkWithAddress' },
    { selector: 'img', format: 'pictureByName' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'ul', options: { itemPrefix: '- ' } },
  ],
  formatters: {
    linkWithAddress(element, walk, builder) {
      walk(element.children, builder)
      const address = decodeMarks(element.attribs['href'] ?? '')
      // An address that is its own text is not said twice.
      if (textOf(element) !== address) builder.addInline(`: ${address}`, { noWordTransform: true })
    },
    pictureByName(element, _walk, builder) {
      builder.addInline(`[${element.attribs['alt'] ?? ''}]`)
    },
  },
})

function textOf({ children }: DomNode): string {
  return children.map((child) => child.data ?? textOf(child)).join('')
}
