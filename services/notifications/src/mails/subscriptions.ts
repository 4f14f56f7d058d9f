import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import { type PlanDeps, planDeliveries } from '../ledger/plan-deliveries.ts'
import type { MailDefinition } from './define-mail.ts'
import { groups, type MailGroup } from './mails.ts'

interface SubscribedGroup {
  groupId: string
  startAt: MailGroup['startAt']
  subscriptions: Subscription[]
}

/** What each group of mails reacts to: every fact of every mail. */
export function mailGroups(deps: PlanDeps, mails: readonly MailDefinition[]): SubscribedGroup[] {
  return Object.entries(Object.groupBy(mails, ({ group }) => group)).map(([name, its]) => {
    const { id: groupId, startAt } = groups[name as MailDefinition['group']]
    return { groupId, startAt, subscriptions: its.flatMap((mail) => subscriptionsOf(deps, mail)) }
  })
}

function subscriptionsOf(deps: PlanDeps, mail: MailDefinition): Subscription[] {
  return mail.on.map((fact) =>
    on(fact, `${mail.name} on ${fact.type}`, (facts) => planDeliveries(deps, mail.plan(facts))),
  )
}
