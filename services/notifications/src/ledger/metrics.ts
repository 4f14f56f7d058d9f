import { Counter, Gauge, Histogram, type NoteStage, type Registry, registerStages } from '@rollcall/runtime/metrics'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { type DeliveryState, openStates } from './delivery.ts'
import type { Delivery } from './tables.ts'

/**
 * Where a mail waits, each from the one before: `consumed` from its fact's way into Kafka until it is handled here, `ledger`
 * until it is stored, `active` until its job is run, `claimed` until that has it, `written` until its final dot goes out,
 * `dot` until the mail server's 250.
 */
export type MailStage = 'consumed' | 'ledger' | 'active' | 'claimed' | 'written' | 'dot'

export interface DeliveryMetrics {
  stage: NoteStage<MailStage>
  ended(delivery: Delivery, state: DeliveryState, at: Date): void
}

/**
 * `deliveries_open` by state, `deliveries_ended_total` by template and state, `delivery_seconds` from fact to 250, and
 * `mail_stage_seconds` by stage of that way.
 */
export function registerDeliveryMetrics(db: Kysely<NotificationsDatabase>, registry: Registry): DeliveryMetrics {
  new Gauge({
    name: 'deliveries_open',
    help: 'Deliveries that are not in a final state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      // While the database is away there is no figure, but there are those of the process.
      const counts = await countOpen(db).catch(() => undefined)
      if (!counts) return this.reset()
      for (const state of openStates) this.set({ state }, counts.get(state) ?? 0)
    },
  })
  const ended = new Counter({
    name: 'deliveries_ended_total',
    help: 'Deliveries that this process has brought to a final state',
    labelNames: ['template', 'state'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'delivery_seconds',
    help: 'Time from the fact to the 250 of the mail server',
    labelNames: ['template'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3600],
    registers: [registry],
  })
  const help = 'Where mails wait: consumed, ledger, active, claimed, written, dot; each from the one before'
  return {
    stage: registerStages(registry, { name: 'mail_stage_seconds', help }),
    ended({ template, created_at }, state, at) {
      ended.inc({ template, state })
      if (state === 'sent') seconds.observe({ template }, Math.max(0, at.getTime() - created_at.getTime()) / 1000)
    },
  }
}

async function countOpen(db: Kysely<NotificationsDatabase>): Promise<Map<DeliveryState, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('state', 'in', openStates)
    .groupBy('state')
    .execute()
  return new Map(rows.map(({ state, count }) => [state, count]))
}
