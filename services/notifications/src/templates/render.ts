import { fallbackChain } from '@rollcall/i18n/languages'
import type { TemplateName, TemplateValues } from './catalogue.ts'
import { templates } from './catalogue.ts'
import { type CompiledTemplate, compileTemplate, TEMPLATES, templateLanguages } from './compile.ts'
import { escapeForHeader, escapeForHtml, escapeForText } from './escaping.ts'
import { fillParts } from './text-parts.ts'

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

export interface Renderer {
  /**
   * The same values give the same bytes.
   *
   * @param language any tag; what has no templates falls back as the languages say
   * @throws {MissingVariable | UnsafeUrl}
   */
  render<Name extends TemplateName>(name: Name, language: string, values: TemplateValues<Name>): RenderedMail
}

export interface RendererOptions {
  publicUrl: string
  /** Where the texts are. Default: those that come with the service. */
  folder?: string
}

/** @throws at once when a template is missing or broken in any language: such a service must not start. */
export function createRenderer({ publicUrl, folder = TEMPLATES }: RendererOptions): Renderer {
  const names = Object.keys(templates) as TemplateName[]
  const compiled = new Map<string, CompiledTemplate>()
  for (const language of templateLanguages(folder)) {
    for (const name of names) compiled.set(`${language}/${name}`, compileTemplate(folder, language, name))
  }

  function find(name: TemplateName, wanted: string): CompiledTemplate {
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
        subject: fillParts(subject, all, escapeForHeader),
        html: fillParts(html, all, escapeForHtml),
        text: fillParts(text, all, escapeForText),
      }
    },
  }
}
