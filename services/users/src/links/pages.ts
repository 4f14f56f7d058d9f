import { join } from 'node:path'
import type { DomainError } from '@rollcall/http/errors'
import { type Html, html, renderPage } from '@rollcall/http/page'
import { findText, loadCatalogues } from '@rollcall/i18n/catalogues'
import type { LinkPurpose } from './purpose.ts'

const texts = loadCatalogues('pages', join(import.meta.dirname, '../../locales'))

/** @throws {TypeError} for a text that no language has: a purpose without its texts */
function textOf(language: string, key: string): { text: string; language: string } {
  const found = findText(texts, language, key)
  if (!found) throw new TypeError(`there is no text ${key}`)
  return found
}

function page(language: string, name: string, rest: Html = html``): string {
  const title = textOf(language, `${name}.title`)
  const content = html`<p>${textOf(language, `${name}.text`).text}</p>${rest}`
  return renderPage({ language: title.language, title: title.text, content })
}

/** What whoever follows the link sees: it asks, and does nothing, because mail scanners follow links as well. */
export function askPage(purpose: LinkPurpose, language: string, refusal?: DomainError): string {
  const problem = refusal && problemText(language, refusal)
  const error = problem === undefined ? html`` : html`<p class="error" id="problem" role="alert">${problem}</p>`
  const field = purpose.asksFor === 'new-password' ? passwordField(language, problem !== undefined) : html``
  const button = textOf(language, `${purpose.name}.ask.button`).text
  const form = html`${error}<form method="post">${field}<button>${button}</button></form>`
  return page(language, `${purpose.name}.ask`, form)
}

/** What is wrong with a password in the reader's language, by the codes of its weaknesses; of anything else the message. */
function problemText(language: string, { message, extras }: DomainError): string {
  const codes = Object.keys(extras.details ?? {}).filter((key) => key.startsWith('password.'))
  const texts = codes.map((code) => textOf(language, code).text)
  return texts.length > 0 ? texts.join(' ') : (extras.details?.['password'] ?? message)
}

export function donePage(purpose: LinkPurpose, language: string): string {
  return page(language, `${purpose.name}.done`)
}

export function deadLinkPage(language: string): string {
  return page(language, 'dead')
}

function passwordField(language: string, refused: boolean): Html {
  const described = refused ? 'problem rule' : 'rule'
  return html`<label for="password">${textOf(language, 'password.label').text}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus aria-describedby="${described}">
<p class="hint" id="rule">${textOf(language, 'password.hint').text}</p>`
}
