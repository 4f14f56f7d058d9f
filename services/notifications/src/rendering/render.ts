import { fallbackChain } from '@rollcall/i18n/languages'
import { type CompiledTemplate, compileTemplate, TEMPLATES, templateLanguages } from './compile.ts'
import { escapeForHeader, escapeForHtml, escapeForText } from './escaping.ts'
import { fillParts } from './text-parts.ts'

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/** A mail as its texts are concerned. */
export interface Template {
  readonly name: string
  /** Those that its texts may use, with samples. */
  readonly variables: Readonly<Record<string, string>>
}

/** Available to the shared header and footer of every template. */
export const sharedVariables = { publicUrl: 'https://rollcall.example' } as const

export interface Renderer {
  /**
   * The same values give the same bytes.
   *
   * @param language any tag; what has no templates falls back as the languages say
   * @throws {MissingVariable | UnsafeUrl}
   */
  render(name: string, language: string, values: Readonly<Record<string, string>>): RenderedMail
}

export interface RendererOptions {
  publicUrl: string
  templates: readonly Template[]
  /** Where the texts are. Default: those that come with the service. */
  folder?: string
}

/**
 * @throws at once when a template is missing or broken in any language, or uses a variable that its mail does not declare:
 *   such a service must not start.
 */
export function createRenderer({ publicUrl, templates, folder = TEMPLATES }: RendererOptions): Renderer {
  const compiled = new Map<string, CompiledTemplate>()
  for (const language of templateLanguages(folder)) {
    for (const template of templates) {
      compiled.set(`${language}/${template.name}`, compileDeclared(folder, language, template))
    }
  }

  function find(name: string, wanted: string): CompiledTemplate {
    for (const language of fallbackChain(wanted)) {
      const template = compiled.get(`${language}/${name}`)
      if (template) return template
    }
    throw new Error(`no template ${name} in any language`)
  }

  return {
    render(name, language, values) {
      const { subject, html, text } = find(name, language)
      const all = { ...values, publicUrl }
      return {
        // A header ends where its text does: spaces that are left at its ends when a value shows nothing are not sent.
        subject: fillParts(subject, all, escapeForHeader).trim(),
        html: fillParts(html, all, escapeForHtml),
        text: fillParts(text, all, escapeForText),
      }
    },
  }
}

function compileDeclared(folder: string, language: string, { name, variables }: Template): CompiledTemplate {
  const compiled = compileTemplate(folder, language, name)
  const declared = new Set([...Object.keys(variables), ...Object.keys(sharedVariables)])
  const used = [compiled.subject, compiled.html, compiled.text].flatMap((parts) => parts.variables)
  const unknown = used.find((variable) => !declared.has(variable))
  if (unknown !== undefined) throw new Error(`template ${language}/${name} uses {{${unknown}}}, which is not declared`)
  return compiled
}
