import { createHash } from 'node:crypto'

/** Markup that is safe as it is. */
export interface Html {
  readonly html: string
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A template whose values are escaped unless they are {@link Html} themselves. */
export function html(strings: TemplateStringsArray, ...values: (string | Html)[]): Html {
  const parts = strings.map((text, index) => {
    const value = values[index]
    if (value === undefined) return text
    return text + (typeof value === 'string' ? value.replace(/[&<>"']/g, (char) => escapes[char] ?? char) : value.html)
  })
  return { html: parts.join('') }
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText }
main { width: min(26rem, calc(100vw - 3rem)); padding: 2rem 0 }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem }
label { display: block; margin: 1rem 0 .25rem }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem; border: 1px solid GrayText; border-radius: .5rem }
button { font: inherit; margin-top: 1.25rem; padding: .7rem 1.4rem; border: 0; border-radius: .5rem; background: #1d4ed8; color: #fff; cursor: pointer }
:focus-visible { outline: 3px solid #60a5fa; outline-offset: 2px }
.error { color: #b91c1c }
.hint { font-size: .875rem; margin: .5rem 0 0; opacity: .8 }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
h1, dd { overflow-wrap: anywhere }
dt { font-size: .875rem; opacity: .8; margin-top: .75rem }
dd { margin: 0 }
a { color: LinkText }
.code { display: block; width: 100%; max-width: 20rem; height: auto; background: #fff; border-radius: .5rem; image-rendering: pixelated }
@media print { .screen { display: none } body { display: block } }
@media (prefers-color-scheme: dark) { .error { color: #fca5a5 } }
`

/** Allows exactly the style above, and no script at all. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  // Only what the page itself carries.
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

interface Page {
  language: string
  title: string
  content: Html
}

/** A whole small page: no script, nothing loaded from elsewhere. */
export function renderPage({ language, title, content }: Page): string {
  return `<!doctype html>${
    html`<html lang="${language}"><head><meta charset="utf-8"><title>${title} · Rollcall</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<style>${{ html: STYLE }}</style></head><body><main><h1>${title}</h1>${content}</main></body></html>`.html
  }`
}
