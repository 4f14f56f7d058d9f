import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plantWorkspace } from './planted-workspace.ts'
import type { Task } from './task.ts'
import { eventsFilter } from './tasks/events-filter.ts'
import { factAndReaction } from './tasks/fact-and-reaction.ts'
import { mail, plantMistakes, textOf } from './tasks/mail.ts'
import { ownField } from './tasks/own-field.ts'
import { permission } from './tasks/permission.ts'
import { describeService, service } from './tasks/service.ts'
import { writeService } from './tasks/service-files.ts'
import { sharedField } from './tasks/shared-field.ts'

const tasks: Task[] = [ownField, sharedField, mail, factAndReaction, permission, eventsFilter, service]

describe('a newcomer who adds', () => {
  const planted = plantWorkspace()
  const changed = new Map<Task, string[]>()

  beforeAll(() => {
    for (const task of tasks) {
      const newcomer = planted.forSomebody()
      task.plant(newcomer.workspace)
      changed.set(task, newcomer.changed())
    }
  })
  afterAll(planted.remove)

  it('anything of it is told nothing by the compiler', async () => {
    expect(await planted.compile()).toEqual([])
  })

  it.each(tasks)('$name touches $mostFiles files at most', (task) => {
    const files = changed.get(task) ?? []
    const counted = files.filter((file) => !task.ownFolder || !file.startsWith(`${task.ownFolder}/`))
    expect(counted.length).toBeGreaterThan(0)
    expect(counted.length, counted.join('\n')).toBeLessThanOrEqual(task.mostFiles)
  })

  it.each(tasks)('$name has it, and what follows from it', async ({ shows }) => {
    expect(await planted.evaluate(shows.source)).toEqual(shows.is)
  })

  it('a mail or a service has forgotten nothing', async () => {
    expect(await planted.failingTests(tasks.flatMap(({ heldBy = [] }) => heldBy))).toEqual([])
  })
})

describe('a newcomer who makes a mistake', () => {
  const planted = plantWorkspace()
  const { workspace } = planted.forSomebody()
  const mistakes: string[] = []

  beforeAll(() => {
    mail.plant(workspace)
    mistakes.push(...plantMistakes(workspace))
    workspace.replace('services/users/src/roles/api.ts', `'users.change-role'`, `'users.change-rôle'`)
    workspace.insert('services/events/src/events/api.ts', '  listEvents: {', FORGOTTEN)
    workspace.insert(
      'services/notifications/src/projections/tables.ts',
      '  locale: string | null\n',
      '  phone: string | null\n',
    )
    writeService(workspace)
    describeService(workspace)
  })
  afterAll(planted.remove)

  it('is told by the compiler', async () => {
    const complaints = await planted.compile()
    const files = new Set(complaints.map((line) => line.split('(')[0]))
    const expected = [
      ...mistakes,
      // A permission that there is not, a handler and a column that were forgotten.
      'services/users/src/roles/api.ts',
      'services/events/src/events/routes.ts',
      'services/notifications/src/projections/recipients.ts',
      // What stands on these two.
      'services/notifications/test/builders.ts',
      'services/users/src/roles/routes.ts',
    ]
    expect([...files].sort()).toEqual(expected.sort())
  })

  it('is told by tests what has to know of a service', async () => {
    const failing = (await planted.failingTests(['infra/stack'])).join('\n')
    expect(failing).toContain('runs the parts of the stack')
    expect(failing).toContain('leads the gateway to feedback by some path')
    expect(failing).toContain('shows the default of FEEDBACK_PORT in .env.example')
  })

  it('is not let down at start by a text that shows what nobody gives', async () => {
    workspace.replace(textOf('de'), '{{sessionId}}', '{{device}}')
    const start = `
      import { mails } from './services/notifications/src/mails/mails.ts'
      import { createRenderer } from './services/notifications/src/rendering/render.ts'
      createRenderer({ publicUrl: 'http://x.test', templates: mails })`
    await expect(planted.evaluate(start)).rejects.toThrow('template de/session-ended uses {{device}}')
  })
})

/** An operation without its handler. */
const FORGOTTEN = `  countEvents: {
    method: 'get',
    path: '/events/count',
    summary: 'How many events there are',
    tag: 'events',
    permission: 'events.browse',
    answers: { 200: { description: 'The count', schema: z.object({ count: z.int() }) } },
  },
`
