import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import juice from 'juice'
import { marked } from 'marked'
import { htmlToText } from './html-text.ts'
import { cutAtVariables, markVariables, type TextParts } from './text-parts.ts'

/** Where a template's subject, HTML and plain text are cut at their variables, ready to be filled. */
export interface CompiledTemplate {
  subject: TextParts
  html: TextParts
  text: TextParts
}

export const TEMPLATES = join(import.meta.dirname, '../../templates')

/**
 * Compiles `<folder>/<language>/<name>.md` with its language's header and footer. Markdown, layout and CSS are dealt
 * with here, once: inlining styles takes milliseconds, filling in values microseconds.
 *
 * @throws when the file is missing or does not start with `Subject: …`
 */
export function compileTemplate(folder: string, language: string, name: string): CompiledTemplate {
  const read = (file: string) => readFileSync(join(folder, language, `${file}.md`), 'utf8')
  const [, subject, body] = /^Subject: (.+)\n\n([\s\S]+)$/.exec(read(name)) ?? []
  if (subject === undefined || body === undefined) {
    throw new Error(`template ${language}/${name} does not start with "Subject: …" and an empty line`)
  }
  const [header, footer] = [read('header'), read('footer')]
  const slots = {
    language,
    subject: markVariables(subject),
    header: toHtml(header),
    body: withButtons(toHtml(body)),
    footer: toHtml(footer),
  }
  const layout = readFileSync(join(folder, 'layout.html'), 'utf8')
  const page = layout.replace(/\[\[(\w+)\]\]/g, (_, slot: keyof typeof slots) => slots[slot])
  return {
    subject: cutAtVariables(markVariables(subject)),
    html: cutAtVariables(juice(page, { preserveMediaQueries: false })),
    text: cutAtVariables(`${toText(body)}\n\n--\n${toText(header)}\n${toText(footer)}\n`),
  }
}

/** Languages that have a folder of templates. */
export function templateLanguages(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** A link that is a paragraph by itself is what the mail asks for. */
const withButtons = (html: string) => html.replace(/<p><a (?=[^<]*<\/a><\/p>)/g, '<p><a class="button" ')
const toHtml = (markdown: string) => marked.parse(markVariables(markdown), { async: false, gfm: true }).trim()
const toText = (markdown: string) => htmlToText(toHtml(markdown))
