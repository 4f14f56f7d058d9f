import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { message } from '@rollcall/contracts/message'
import { SessionRevoked } from '@rollcall/contracts/users'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { TEMPLATES, templateLanguages } from '../rendering/compile.ts'
import { createRenderer } from '../rendering/render.ts'
import type { ContentDeps, ContentRequest } from '../sending/mail-content.ts'
import { defineMail } from './define-mail.ts'
import { mails } from './mails.ts'
import { mailGroups } from './subscriptions.ts'

const id = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d10'

/** A mail as somebody would add it: this, its place in the list of mails, and its texts. */
const planted = defineMail({
  name: 'session-ended',
  on: [SessionRevoked],
  group: 'accounts',
  policy: 'hold',
  sendWithinMs: 60_000,
  data: z.object({ sessionId: z.uuid() }),
  variables: { recipientName: 'Ada' },
  plan: ({ data: { userId, sessionId } }) => ({ recipientId: userId, data: { sessionId }, needs: [] }),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})

function aFact(): ReceivedMessage {
  const data = { sessionId: id, userId: id, expiresAt: '2027-01-01T00:00:00Z', reason: 'sign-out' }
  const { key: subject, ...fact } = message(SessionRevoked, { data, sequence: 7, at: new Date() })
  return { ...fact, subject, time: new Date(fact.time) } as ReceivedMessage
}

it('makes subscriptions, planning and rendering of one declaration and its texts', async () => {
  const all = [...mails, planted]
  const topics = [...mailGroups({} as never, all).values()].flat().map(({ definition }) => definition.topic)
  expect(topics).toContain('session.revoked')

  const [planned] = planted.plan([aFact()])
  expect(planned).toMatchObject({
    template: 'session-ended',
    policy: 'hold',
    sendWithinMs: 60_000,
    recipientId: id,
    data: { sessionId: id },
  })

  const folder = mkdtempSync(join(tmpdir(), 'rollcall-templates-'))
  await cp(TEMPLATES, folder, { recursive: true })
  for (const language of templateLanguages(folder)) {
    const file = join(folder, language, 'session-ended.md')
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, 'Subject: Bye {{recipientName}}\n\n# Bye\n')
  }
  const renderer = createRenderer({ publicUrl: 'http://x.test', templates: all, folder })
  expect(renderer.render('session-ended', 'de', { recipientName: 'Ada' }).subject).toBe('Bye Ada')
  rmSync(folder, { recursive: true })
})

it('takes no data that it has not declared for its own', async () => {
  const request = { data: { sessionId: 'x' }, addressee: { name: 'Ada' } } as ContentRequest<unknown>
  const content = await planted.content({} as ContentDeps, request)
  expect(content).toEqual({ ended: 'giveUp', reason: 'data-unreadable' })
})
