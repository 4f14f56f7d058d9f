import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import { type PlanDeps, planDeliveries } from '../ledger/plan-deliveries.ts'
import type { MailDefinition } from './define-mail.ts'
import { groups } from './groups.ts'

/** What each group of mails reacts to, by the group's id: every fact of every mail, once. */
export function mailGroups(deps: PlanDeps, mails: readonly MailDefinition[]): Map<string, Subscription[]> {
  const subscriptions = mails.flatMap((mail) =>
    mail.on.map((fact) => ({
      group: groups[mail.group],
      subscription: on(fact, `${mail.name} on ${fact.type}`, (facts) => planDeliveries(deps, mail.plan(facts))),
    })),
  )
  const byGroup = Map.groupBy(subscriptions, ({ group }) => group)
  return new Map([...byGroup].map(([group, its]) => [group, its.map(({ subscription }) => subscription)]))
}
