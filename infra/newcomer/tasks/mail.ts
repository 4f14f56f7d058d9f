import type { PlantedWorkspace } from '../planted-workspace.ts'
import type { Task } from '../task.ts'

const SERVICE = 'services/notifications'
const LIST = `${SERVICE}/src/mails/mails.ts`
const LANGUAGES = ['de', 'en']

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

export const textOf = (language: string) => `${SERVICE}/templates/${language}/session-ended.md`

/** A mail for facts that no mail followed from before, so with a group of its own. */
export const mail: Task = {
  name: 'a mail',
  mostFiles: 3 + LANGUAGES.length,
  plant({ write, insert, replace }) {
    write(`${SERVICE}/src/mails/session-ended.ts`, SESSION_ENDED)
    replace(LIST, '  ticketIssued,\n]', '  ticketIssued,\n  sessionEnded,\n]')
    insert(LIST, 'import { ticketIssued }', `import { sessionEnded } from './session-ended.ts'\n`)
    insert(LIST, '  // Both took over', `  sessions: { id: 'notifications.mails-sessions', startAt: 'latest' },\n`)
    replace(
      `${SERVICE}/src/mails/groups.test.ts`,
      `  'notifications.mails-tickets'`,
      `  'notifications.mails-sessions': ['session.revoked'],\n  'notifications.mails-tickets'`,
    )
    for (const language of LANGUAGES) write(textOf(language), 'Subject: Bye {{recipientName}}\n\n# {{sessionId}}\n')
  },
  shows: {
    source: `
      import { mails } from './services/notifications/src/mails/mails.ts'
      import { mailGroups } from './services/notifications/src/mails/subscriptions.ts'
      import { createRenderer } from './services/notifications/src/rendering/render.ts'
      const renderer = createRenderer({ publicUrl: 'http://x.test', templates: mails })
      const { name, variables } = mails.find(({ name }) => name === 'session-ended')
      const group = mailGroups({}, mails).find(({ groupId }) => groupId === 'notifications.mails-sessions')
      const topics = group.subscriptions.map(({ definition }) => definition.topic)
      const { subject, html } = renderer.render(name, 'de', variables)
      console.log(JSON.stringify([topics, subject, html.includes('a1b2')]))`,
    is: [['session.revoked'], 'Bye Ada', true],
  },
  heldBy: [`${SERVICE}/src/mails/groups.test.ts`],
}

/** The same mail with a mistake each, by what is wrong with it. */
export function plantMistakes({ write }: PlantedWorkspace): string[] {
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
  return Object.values(mistakes).map(([from, to], index) => {
    const file = `${SERVICE}/src/mails/mistake-${index}.ts`
    if (!SESSION_ENDED.includes(from)) throw new Error(`the mail holds no ${from}`)
    write(
      file,
      SESSION_ENDED.replace(from, () => to),
    )
    return file
  })
}
