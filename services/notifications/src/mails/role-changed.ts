import { sealed } from '@rollcall/contracts/fields'
import { roleSchema } from '@rollcall/contracts/roles'
import { RoleChanged } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { roleName } from '../rendering/words.ts'
import { defineMail } from './define-mail.ts'
import { openReason } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** What somebody may do now is another thing than before, and why. */
export const roleChanged = defineMail({
  name: 'role-changed',
  on: [RoleChanged],
  group: 'people',
  policy: 'hold',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ from: roleSchema, to: roleSchema, sealed: sealed.optional() }),
  variables: { recipientName: 'Ada', from: 'member', to: 'manager', reason: 'Runs the summer school from now on.' },
  plan(fact) {
    const { from, to, sealed: part } = fact.data
    return toUser(fact, { from, to, ...(part === undefined ? {} : { sealed: part }) })
  },
  async content(deps, { data, addressee }) {
    const { locale, name } = addressee
    const reason = await openReason(deps, data.sealed, addressee)
    if (reason === undefined) return { ended: 'giveUp', reason: 'not-unsealable' }
    return {
      values: { recipientName: name, from: roleName(data.from, locale), to: roleName(data.to, locale), reason },
    }
  },
})
