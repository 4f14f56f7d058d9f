import { message } from '@rollcall/contracts/message'
import { seal } from '@rollcall/contracts/seal'
import * as users from '@rollcall/contracts/users'
import { languages } from '@rollcall/i18n/languages'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { systemClock } from '@rollcall/runtime/clock'
import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { aRecipient } from '../../test/builders.ts'
import { STAFF } from '../ledger/plan-deliveries.ts'
import { createRenderer } from '../rendering/render.ts'
import { addresseeOf } from '../sending/addressee.ts'
import { withKeyIds } from '../sending/key-ids.ts'
import type { Addressee, ContentDeps, ContentRequest } from '../sending/mail-content.ts'
import type { MailDefinition } from './define-mail.ts'
import { mails } from './mails.ts'

const userId = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d10'
const actorId = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d50'
const requestId = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d60'
const url = 'https://rollcall.example/link'
const later = new Date(Date.now() + 3600_000).toISOString()

let deps: ContentDeps
let sealed: (part: object) => Promise<string>

beforeAll(async () => {
  const pair = await generateKeyPair('ECDH-ES', { extractable: true })
  const [publicKey, privateKey] = [await exportJWK(pair.publicKey), await exportJWK(pair.privateKey)]
  sealed = (part) => seal(publicKey, part)
  deps = {
    storage: { read: async () => undefined },
    privateKeys: await withKeyIds([privateKey]),
    clock: systemClock,
    publicUrl: 'http://rollcall.test',
  }
})

type Fact = (typeof users)['UserVerified']

/** Names of the mails that a fact asks for. */
function planned(definition: unknown, data: object) {
  const fact = definition as Fact
  const { key: subject, ...sent } = message(fact, { data: { userId, ...data } as never, sequence: 7, at: new Date() })
  const received = { ...sent, subject, time: new Date(sent.time), publishedAt: new Date() } as ReceivedMessage
  return mails
    .filter(({ on }) => on.some(({ type }) => type === fact.type))
    .flatMap((mail) => mail.plan([received]).map((plan) => ({ mail, plan })))
}

const addressee = (changes = {}) => addresseeOf(aRecipient(changes)) as Addressee

async function contentOf(found: { mail: MailDefinition; plan: { data: unknown } } | undefined, to = addressee()) {
  if (!found) throw new Error('no mail was planned')
  const request = { data: found.plan.data, addressee: to, deadlineMs: 1000 } as ContentRequest<unknown>
  return found.mail.content(deps, request)
}

const names = (found: ReturnType<typeof planned>) => found.map(({ mail }) => mail.name)

describe('facts about people', () => {
  it.each<[string, unknown, object, string[]]>([
    ['a verified address', users.UserVerified, {}, ['welcome']],
    ['a sign-up with a taken address', users.SignupAttempted, {}, ['sign-up-attempted']],
    ['a changed password', users.PasswordChanged, { how: 'change' }, ['password-changed']],
    ['a reset password', users.PasswordChanged, { how: 'reset' }, ['password-changed']],
    ['a first password', users.PasswordChanged, { how: 'set' }, []],
    ['a lock by staff', users.AccountLocked, { cause: 'staff', actorId }, ['account-locked-by-staff']],
    ['a lockout that no mail goes out for', users.AccountLocked, { cause: 'failed-sign-ins', until: later }, []],
    ['an unlocked account', users.AccountUnlocked, { cause: 'staff', by: 'staff', actorId }, ['account-unlocked']],
    ['a changed role', users.RoleChanged, { from: 'authenticated', to: 'manager', actorId }, ['role-changed']],
    ['a request', users.ProfessionalRequested, { requestId }, ['professional-requested']],
    ['a granted status', users.ProfessionalGranted, { actorId }, ['professional-granted']],
    ['a withdrawn status', users.ProfessionalWithdrawn, { actorId }, ['professional-withdrawn']],
    ['a declined request', users.ProfessionalDeclined, { actorId, requestId }, ['professional-declined']],
    ['an account by the command line', users.UserRegistered, { madeBy: 'command' }, []],
  ])('ask for their mails: %s', (_, definition, data, expected) => {
    expect(names(planned(definition, data))).toEqual(expected)
  })

  it('ask for the link to verify after a sign-up, and for that to choose a password where staff made the account', async () => {
    const part = await sealed({ url, expiresAt: later })
    expect(names(planned(users.UserRegistered, { sealed: part }))).toEqual(['verify-email'])
    const byStaff = planned(users.UserRegistered, { madeBy: 'staff', actorId, sealed: part })
    expect(names(byStaff)).toEqual(['set-password'])
    expect(await contentOf(byStaff[0])).toMatchObject({ values: { setPasswordUrl: url } })
  })

  it('are told to staff where they are to decide', () => {
    expect(planned(users.ProfessionalRequested, { requestId })[0]?.plan.recipientId).toBe(STAFF)
  })
})

describe('what was sealed', () => {
  it('leads to the address that is to be proven, which is greeted by a name that no program makes a link of', async () => {
    const part = await sealed({ url, expiresAt: later, email: 'new@example.net' })
    const found = planned(users.EmailChangeRequested, { actorId: userId, sealed: part })
    const content = await contentOf(found[0], addressee({ first_name: 'www.evil.example', nickname: 'clever-panda' }))
    expect(content).toMatchObject({
      to: { name: 'clever-panda', address: 'new@example.net' },
      values: { recipientName: 'clever-panda', confirmUrl: url },
    })
  })

  it('tells the address before of a change', async () => {
    const found = planned(users.EmailChanged, { sealed: await sealed({ email: 'old@example.net' }) })
    expect(await contentOf(found[0])).toMatchObject({ to: { address: 'old@example.net' } })
  })

  it('opens an account again, and says until when it is locked', async () => {
    const part = await sealed({ url, expiresAt: later })
    const found = planned(users.AccountLocked, { cause: 'failed-sign-ins', until: later, sealed: part })
    expect(names(found)).toEqual(['account-locked'])
    expect(await contentOf(found[0])).toMatchObject({ values: { unlockUrl: url, lockedUntil: expect.any(String) } })
  })

  it('is no mail any more once its link has ended, or when it does not open', async () => {
    const ended = await sealed({ url, expiresAt: new Date(0).toISOString() })
    const content = (part: string) => contentOf(planned(users.PasswordResetRequested, { sealed: part })[0])
    expect(await content(ended)).toEqual({ ended: 'expire', reason: 'link-expired' })
    expect(await content('a..b.c.d')).toEqual({ ended: 'giveUp', reason: 'not-unsealable' })
  })

  it('says why a role has changed, or that nobody gave a reason, in the words of the reader', async () => {
    const role = { from: 'authenticated', to: 'manager', actorId }
    const reason = await sealed({ reason: 'Runs the *summer* school' })
    const german = addressee({ locale: 'de' })
    expect(await contentOf(planned(users.RoleChanged, { ...role, sealed: reason })[0])).toMatchObject({
      values: { from: 'member', to: 'manager', reason: 'Runs the *summer* school' },
    })
    expect(await contentOf(planned(users.RoleChanged, role)[0], german)).toMatchObject({
      values: { from: 'Mitglied', reason: 'Ein Grund wurde nicht angegeben.' },
    })
    expect(await contentOf(planned(users.RoleChanged, { ...role, sealed: 'a..b.c.d' })[0])).toMatchObject({
      ended: 'giveUp',
    })
  })
})

describe('every mail', () => {
  const renderer = createRenderer({ publicUrl: 'https://rollcall.example', templates: mails })

  it.each(languages.flatMap((language) => mails.map((mail) => [language, mail.name, mail] as const)))(
    'R1: in %s, %s holds no empty place and no name of one',
    (language, name, mail) => {
      const { subject, html, text } = renderer.render(name, language, mail.variables)
      for (const part of [subject, text, html.replace(/<style>.*?<\/style>/s, '')]) {
        expect(part).not.toMatch(/\b(None|null|undefined|NaN)\b|[{}]|\[\[/)
      }
    },
  )
})
