import { languages } from '@rollcall/i18n/languages'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPlantedCopy, type PlantedCopy } from '../../test/planted-copy.ts'

/** A mail as somebody would add it. */
const SESSION_ENDED = `import { SessionRevoked } from '@rollcall/contracts/users'
import { hours } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'

/** Tells people that they are signed out somewhere. */
export const sessionEnded = defineMail({
  name: 'session-ended',
  on: [SessionRevoked],
  group: 'sessions',
  policy: 'hold',
  sendWithinMs: hours(1),
  category: 'optional',
  data: z.object({ sessionId: z.uuid() }),
  variables: { recipientName: 'Ada', sessionId: 'a1b2' },
  plan: ({ data: { userId, sessionId } }) => ({ recipientId: userId, data: { sessionId }, needs: [] }),
  content: async (_, { data, addressee }) => ({ values: { recipientName: addressee.name, sessionId: data.sessionId } }),
})
`
const LIST = 'src/mails/mails.ts'
const MAIL = 'src/mails/session-ended.ts'
const text = (language: string) => `templates/${language}/session-ended.md`

let copy: PlantedCopy

beforeEach(() => {
  copy = createPlantedCopy()
  copy.write(MAIL, SESSION_ENDED)
  copy.edit(LIST, ['[verifyEmail, ticketIssued]', '[verifyEmail, ticketIssued, sessionEnded]'])
  copy.edit(LIST, [
    `import { ticketIssued }`,
    `import { sessionEnded } from './session-ended.ts'\nimport { ticketIssued }`,
  ])
  copy.edit(LIST, [
    'export const groups = {',
    `export const groups = {\n  sessions: { id: 'sessions', startAt: 'latest' },`,
  ])
  for (const language of languages) copy.write(text(language), 'Subject: Bye {{recipientName}}\n\n# {{sessionId}}\n')
})
afterEach(() => copy.remove())

it('is its own file, its place in the list and a text a language, and all else follows', async () => {
  expect(copy.changed()).toEqual([LIST, MAIL, ...languages.map(text)].sort())
  expect(await copy.compile()).toEqual([])
  const known = await copy.evaluate(`
    import { mails } from './src/mails/mails.ts'
    import { mailGroups } from './src/mails/subscriptions.ts'
    import { createRenderer } from './src/rendering/render.ts'
    const renderer = createRenderer({ publicUrl: 'http://x.test', templates: mails })
    const { name, variables } = mails.find(({ name }) => name === 'session-ended')
    const group = mailGroups({}, mails).find(({ groupId }) => groupId === 'sessions')
    const topics = group.subscriptions.map(({ definition }) => definition.topic)
    console.log(JSON.stringify({ topics, ...renderer.render(name, 'de', variables) }))
  `)
  expect(known).toMatchObject({
    topics: ['session.revoked'],
    subject: 'Bye Ada',
    html: expect.stringContaining('a1b2'),
  })
})

it('does not start with a text that is missing, or that shows what nobody gives', async () => {
  const start = `
    import { mails } from './src/mails/mails.ts'
    import { createRenderer } from './src/rendering/render.ts'
    createRenderer({ publicUrl: 'http://x.test', templates: mails })
    console.log('{}')
  `
  expect(await copy.evaluate(start)).toEqual({})
  copy.edit(text('de'), ['{{sessionId}}', '{{device}}'])
  await expect(copy.evaluate(start)).rejects.toThrow('template de/session-ended uses {{device}}')
  copy.edit(text('de'), ['Subject:', 'Betreff:'])
  await expect(copy.evaluate(start)).rejects.toThrow('template de/session-ended does not start with "Subject: …"')
})

it('does not compile where plan, data, content and variables disagree', async () => {
  const mistakes: Record<string, [from: string, to: string]> = {
    'a variable without a value': [', sessionId: data.sessionId }', ' }'],
    'a value without a variable': [`, sessionId: 'a1b2' }`, ' }'],
    'a plan that keeps other data': ['data: { sessionId }, needs', 'data: { id: sessionId }, needs'],
    'a content that reads other data': ['data.sessionId', 'data.id'],
    'a plan that reads another fact': ['{ data: { userId, sessionId } }', '{ data: { person: userId, sessionId } }'],
    'a group that there is not': [`group: 'sessions'`, `group: 'devices'`],
    'a sentence for a reason': [
      '({ values:',
      `true ? { ended: 'cancel' as const, reason: 'It was late' } : ({ values:`,
    ],
  }
  for (const [index, mistake] of Object.values(mistakes).entries()) {
    copy.write(`src/mails/mistake-${index}.ts`, SESSION_ENDED)
    copy.edit(`src/mails/mistake-${index}.ts`, mistake)
  }
  const complaints = await copy.compile()
  const complained = new Set(complaints.map((line) => /^src\/mails\/mistake-(\d+)\.ts/.exec(line)?.[1]))
  expect([...complained].sort()).toEqual(Object.keys(Object.values(mistakes)))
})
