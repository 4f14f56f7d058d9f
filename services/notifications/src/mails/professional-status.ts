import { sealed } from '@rollcall/contracts/fields'
import {
  ProfessionalDeclined,
  ProfessionalGranted,
  ProfessionalRequested,
  ProfessionalWithdrawn,
} from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { STAFF } from '../ledger/plan-deliveries.ts'
import { defineMail } from './define-mail.ts'
import { openReason } from './open-sealed.ts'
import { toUser } from './to-user.ts'

const told = {
  group: 'people',
  policy: 'hold',
  sendWithinMs: days(3),
  category: 'essential',
  variables: { recipientName: 'Ada' },
} as const

const nothing = z.object({})

/** To everybody who may decide: managers and admins as they are when the request comes. */
export const professionalRequested = defineMail({
  ...told,
  name: 'professional-requested',
  on: [ProfessionalRequested],
  category: 'optional',
  data: nothing,
  plan: () => ({ recipientId: STAFF, data: {}, needs: [] }),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})

export const professionalGranted = defineMail({
  ...told,
  name: 'professional-granted',
  on: [ProfessionalGranted],
  data: nothing,
  plan: (fact) => toUser(fact, {}),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})

export const professionalWithdrawn = defineMail({
  ...told,
  name: 'professional-withdrawn',
  on: [ProfessionalWithdrawn],
  data: nothing,
  plan: (fact) => toUser(fact, {}),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})

export const professionalDeclined = defineMail({
  ...told,
  name: 'professional-declined',
  on: [ProfessionalDeclined],
  data: z.object({ sealed: sealed.optional() }),
  variables: { recipientName: 'Ada', reason: 'Please say more about your work.' },
  plan: (fact) => toUser(fact, fact.data.sealed === undefined ? {} : { sealed: fact.data.sealed }),
  async content(deps, { data, addressee }) {
    const reason = await openReason(deps, data.sealed, addressee)
    if (reason === undefined) return { ended: 'giveUp', reason: 'not-unsealable' }
    return { values: { recipientName: addressee.name, reason } }
  },
})
