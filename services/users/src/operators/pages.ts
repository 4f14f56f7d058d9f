import { html, renderPage } from '@rollcall/http/page'

interface SignInPage {
  next: string
  email?: string
  problem?: string
}

export function signInPage({ next, email = '', problem }: SignInPage): string {
  return renderPage({
    language: 'en',
    title: 'Operators: sign in',
    content: html`${problem ? html`<p class="error" role="alert">${problem}</p>` : ''}<form method="post" action="/ops/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="email">E-mail</label><input id="email" name="email" type="email" value="${email}" autocomplete="username" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button></form>`,
  })
}
