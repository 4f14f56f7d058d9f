import type { FactDefinition } from '@rollcall/contracts/define'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import type { z } from 'zod'
import type { LossPolicy, Need } from '../ledger/delivery.ts'
import type { PlannedMail } from '../ledger/plan-deliveries.ts'
import type { ContentDeps, ContentRequest, Mail, MailContent } from '../sending/mail-content.ts'
import type { GroupName } from './mails.ts'

/**
 * Whether people may do without it: `essential` mails are asked for or carry what somebody must know, `optional` ones may be
 * switched off.
 */
export type Category = 'essential' | 'optional'

/** Who gets a mail because of a fact, and what the projections must know before it can be written. */
interface Plan<Data> {
  /** `STAFF`: everybody who decides about people, as they are then. */
  recipientId: string
  data: Data
  needs: Need[]
}

interface Declared<Facts extends readonly FactDefinition[], Data extends z.ZodObject, Variable extends string> {
  /** Of its templates (`templates/<language>/<name>.md`), and of its deliveries in the ledger. */
  name: string
  /** Facts that ask for it. */
  on: Facts
  /** The consumer group that hears of them. */
  group: GroupName
  policy: LossPolicy
  /** Milliseconds after the fact until which the mail makes sense; a replay or a restored backup never sends old mail. */
  sendWithinMs: number
  category: Category
  /** What a delivery keeps of its fact: ids, and what came sealed. */
  data: Data
  /** Every variable that its texts may use, with a sample value for tests and previews. */
  variables: Record<Variable, string>
  /** Undefined where the fact asks for no mail. */
  plan(fact: ReceivedMessage<Facts[number]>): Plan<z.infer<Data>> | undefined
  content(deps: ContentDeps, request: ContentRequest<z.infer<Data>>): Promise<MailContent<Record<Variable, string>>>
}

/** A mail with all that there is to it; subscriptions, templates, groups and what is sent follow from it. */
export interface MailDefinition extends Mail {
  readonly on: readonly FactDefinition[]
  readonly group: GroupName
  readonly category: Category
  readonly variables: Readonly<Record<string, string>>
  plan(facts: readonly ReceivedMessage[]): PlannedMail[]
}

/**
 * Declares a mail. What its plan keeps is what its content gets, and its content gives a value for each variable and for
 * none beside: anything else does not compile.
 */
export function defineMail<
  const Facts extends readonly FactDefinition[],
  Data extends z.ZodObject,
  Variable extends string,
>(mail: Declared<Facts, Data, Variable>): MailDefinition {
  const { name, on, group, category, policy, sendWithinMs, variables, data: schema } = mail
  return {
    name,
    on,
    group,
    category,
    variables,
    plan: (facts) =>
      facts.flatMap((fact) => {
        // Its subscription decodes with one of the definitions that `plan` is typed by.
        const planned = mail.plan(fact as ReceivedMessage<Facts[number]>)
        if (!planned) return []
        return [{ fact, template: name, policy, sendWithinMs, ...planned, data: schema.parse(planned.data) }]
      }),
    async content(deps, request) {
      const data = schema.safeParse(request.data)
      // Written by another version of this mail. While versions change, one of its processes takes the delivery later.
      if (!data.success) return { notYet: 'data-unreadable' }
      return mail.content(deps, { ...request, data: data.data })
    },
  }
}
