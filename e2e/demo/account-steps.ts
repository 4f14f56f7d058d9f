import { randomBytes } from 'node:crypto'
import { connectMailbox } from '@rollcall/testing/mailbox'
import type { Narrator } from './narrator.ts'

const PASSWORD = 'Correct horse 7!'

export interface DemoPerson {
  id: string
  email: string
  token: string
}

interface Journey {
  narrator: Narrator
  mailboxUrl: string
}

/** Signs a person up, reads their mail, follows its link and signs them in. */
export async function signUpAndVerify({ narrator, mailboxUrl }: Journey): Promise<DemoPerson> {
  const { call, step } = narrator
  const email = `demo-${randomBytes(4).toString('hex')}@example.org`
  const registered = await call(
    'POST',
    '/auth/register',
    { body: { email, password: PASSWORD, firstName: 'Ada' } },
    { status: 201, show: ({ body }) => `${body.nickname}, role ${body.role}` },
  )
  const mail = await step(
    `mail to ${email}`,
    () => connectMailbox(mailboxUrl).waitForMail(email),
    ({ subject }) => `"${subject}"`,
  )
  const link = /https?:\/\/[^\s/]+(\/auth\/verify-email\/\S+)/.exec(mail.text)?.[1] ?? 'the mail has no link'
  const asBrowser = { headers: { accept: 'text/html' } }
  await call('GET', link, asBrowser, {
    status: 200,
    show: ({ body }) => (body.includes('<button>') ? 'a page with a button' : ''),
  })
  await call('POST', link, asBrowser, { status: 200, show: () => 'verified' })
  const token = await signIn(narrator, { email, password: PASSWORD })
  await call('GET', '/auth/me', { token }, { status: 200, show: ({ body }) => `role ${body.role}` })
  return { id: registered.body.id, email, token }
}

/** Gives the access token. */
export async function signIn({ call }: Narrator, credentials: { email: string; password: string }): Promise<string> {
  const { body } = await call(
    'POST',
    '/auth/login',
    { body: credentials },
    { status: 200, show: ({ body }) => `${body.user.role}, token for ${body.expiresIn} s` },
  )
  return body.accessToken
}

interface Demotion {
  adminToken: string
  person: DemoPerson
}

/** Makes the person a manager and takes it back: the events service refuses their old token within a second. */
export async function promoteAndDemote({ call, step, api }: Narrator, { adminToken, person }: Demotion): Promise<void> {
  const setRole = (role: string) =>
    call(
      'PATCH',
      `/users/${person.id}/role`,
      { token: adminToken, body: { role } },
      { status: 200, show: ({ body }) => `role ${body.role}` },
    )
  const untilCreatingAnswers = (status: number) => async () => {
    const deadline = performance.now() + 1000
    for (;;) {
      // An empty body is refused with 422 by who may create events, so the question leaves nothing behind.
      const answer = await api.post('/events', { token: person.token, body: {} })
      if (answer.status === status) return answer.status
      if (performance.now() > deadline)
        throw new Error(`after a second the events service still answers ${answer.status}`)
    }
  }
  await setRole('manager')
  await step(
    'their token may create events',
    untilCreatingAnswers(422),
    () => 'within a second, without signing in again',
  )
  await setRole('authenticated')
  await step('the same token may not', untilCreatingAnswers(403), (status) => `${status}, within a second`)
}
