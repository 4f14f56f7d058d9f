import { languages } from '@rollcall/i18n/languages'
import { describe, expect, it } from 'vitest'
import { mails } from '../mails/mails.ts'
import { compileTemplate, TEMPLATES, templateLanguages } from './compile.ts'
import { createRenderer, sharedVariables } from './render.ts'

const renderer = createRenderer({ publicUrl: sharedVariables.publicUrl, templates: mails })
const everyText = languages.flatMap((language) => mails.map(({ name, variables }) => ({ language, name, variables })))

const variablesOf = (name: string) => mails.find((mail) => mail.name === name)?.variables ?? {}
const ticket = variablesOf('ticket-issued')
const verify = variablesOf('verify-email')

it('has templates in every language', () => {
  expect(templateLanguages(TEMPLATES).sort()).toEqual([...languages].sort())
})

describe.each(everyText)('$language/$name', ({ language, name, variables }) => {
  const { subject, html, text } = compileTemplate(TEMPLATES, language, name)
  const declared = [...Object.keys(variables), ...Object.keys(sharedVariables)]

  it('uses no variable that is not declared, and each that is', () => {
    const used = new Set([subject, html, text].flatMap((parts) => parts.variables))
    expect([...used].sort()).toEqual(declared.sort())
  })

  it('renders its samples', () => {
    const mail = renderer.render(name, language, variables)
    for (const part of [mail.subject, mail.html, mail.text]) expect(part).not.toMatch(/[{}[\]]{2}|undefined|\uE000/)
    expect(mail.html).toContain(`<html lang="${language}">`)
    expect(mail.html).toMatch(/<body style="[^"]*background/)
    expect(mail.html).not.toContain('<style')
  })
})

it('refuses to render without a variable', () => {
  const { eventTitle: _, ...rest } = ticket
  expect(() => renderer.render('ticket-issued', 'en', rest)).toThrow('no value for {{eventTitle}}')
})

it('does not start with a template that uses what its mail does not declare', () => {
  const { eventTitle: _, ...variables } = ticket
  const broken = { publicUrl: 'http://x.test', templates: [{ name: 'ticket-issued', variables }] }
  expect(() => createRenderer(broken)).toThrow('uses {{eventTitle}}, which is not declared')
})

it('falls back to a language that has the template', () => {
  expect(renderer.render('verify-email', 'de-AT', verify).subject).toContain('Bitte')
  expect(renderer.render('verify-email', 'tlh', verify).subject).toContain('Please')
})

it('shows HTML and Markdown in a value as text', () => {
  const eventTitle = '<script>alert(1)</script> **bold** [x](https://evil.example) & "q"'
  const { html, text } = renderer.render('ticket-issued', 'en', { ...ticket, eventTitle })
  expect(html).not.toContain('<script')
  expect(html).toContain('**bold** [x](https://evil.example) &amp; &quot;q&quot;')
  expect(html).not.toContain('href="https://evil.example')
  expect(text).toContain(eventTitle)
})

it('keeps line breaks and control characters out of the subject', () => {
  const eventTitle = 'Party\r\nBcc: all@example.com\u0000\u202E'
  const { subject } = renderer.render('ticket-issued', 'en', { ...ticket, eventTitle })
  expect(subject).toBe('Your ticket: Party Bcc: all@example.com')
})

it('ends a subject where its text ends, and cuts no character in two', () => {
  const subjectFor = (eventTitle: string) => renderer.render('ticket-issued', 'en', { ...ticket, eventTitle }).subject
  expect(subjectFor('\u0000')).toBe('Your ticket:')
  expect(subjectFor(`x${'🎈'.repeat(600)}`)).toBe(`Your ticket: x${'🎈'.repeat(499)}`)
})

it('puts the link into HTML and text as it is', () => {
  const verifyUrl = 'https://rollcall.example/auth/verify-email/a/b-_c?x=1&y=2'
  const { html, text } = renderer.render('verify-email', 'en', { ...verify, verifyUrl })
  expect(html).toContain('href="https://rollcall.example/auth/verify-email/a/b-_c?x=1&amp;y=2"')
  expect(text).toContain(verifyUrl)
})

it('refuses a link that is no web address', () => {
  expect(() => renderer.render('verify-email', 'en', { ...verify, verifyUrl: 'javascript:alert(1)' })).toThrow('no URL')
})

it('gives the same bytes for the same values', () => {
  const other = createRenderer({ publicUrl: sharedVariables.publicUrl, templates: mails })
  expect(other.render('ticket-issued', 'de', ticket)).toEqual(renderer.render('ticket-issued', 'de', ticket))
})
