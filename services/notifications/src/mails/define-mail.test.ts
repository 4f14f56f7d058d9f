import { message } from '@rollcall/contracts/message'
import { UserRegistered } from '@rollcall/contracts/users'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { ContentDeps, ContentRequest } from '../sending/mail-content.ts'
import { defineMail } from './define-mail.ts'

const id = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d10'

const reminder = defineMail({
  name: 'verify-reminder',
  on: [UserRegistered],
  group: 'accounts',
  policy: 'hold',
  sendWithinMs: 60_000,
  category: 'optional',
  data: z.object({ userId: z.uuid() }),
  variables: { recipientName: 'Ada' },
  plan({ data: { userId, sealed } }) {
    return sealed === undefined ? undefined : { recipientId: userId, data: { userId }, needs: [] }
  },
  content: async (_, { data, addressee }) => ({ values: { recipientName: `${addressee.name} ${data.userId}` } }),
})

function aFact(part: { sealed?: string }): ReceivedMessage {
  const data = { userId: id, ...part }
  const { key: subject, ...fact } = message(UserRegistered, { data, sequence: 7, at: new Date() })
  return { ...fact, subject, time: new Date(fact.time), publishedAt: new Date() } as ReceivedMessage
}

it('plans what its facts ask for, under its own policy and time', () => {
  const asked = aFact({ sealed: 'a..b.c.d' })
  expect(reminder.plan([asked, aFact({})])).toEqual([
    {
      fact: asked,
      template: 'verify-reminder',
      policy: 'hold',
      sendWithinMs: 60_000,
      recipientId: id,
      data: { userId: id },
      needs: [],
    },
  ])
})

it('gives its content what its plan has kept', async () => {
  const request = { data: { userId: id }, addressee: { name: 'Ada' } } as ContentRequest<unknown>
  expect(await reminder.content({} as ContentDeps, request)).toEqual({ values: { recipientName: `Ada ${id}` } })
})

it('takes no data that it has not declared for its own', async () => {
  const request = { data: { userId: 'x' }, addressee: { name: 'Ada' } } as ContentRequest<unknown>
  const content = await reminder.content({} as ContentDeps, request)
  expect(content).toEqual({ notYet: 'data-unreadable' })
})
