import { html, renderPage } from '@rollcall/http/page'

const language = 'en'

export function verifyPage(): string {
  return renderPage({
    language,
    title: 'Verify your e-mail address',
    content: html`<p>One click, and your account is ready.</p><form method="post"><button>Verify my address</button></form>`,
  })
}

export function verifiedPage(): string {
  return renderPage({
    language,
    title: 'Your address is verified',
    content: html`<p>You can sign in now.</p>`,
  })
}
