import type { ConsumerOptions, RunningConsumer } from '@rollcall/messaging/consumer'
import { keepConsuming } from '@rollcall/messaging/keep-consuming'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { Foundation } from './foundation.ts'

/** A consumer group of a service, by subject. Its topics never change: another set of them is another group. */
export type Group = Pick<ConsumerOptions, 'groupId' | 'subscriptions' | 'startAt'> &
  Partial<Pick<ConsumerOptions, 'sessionTimeoutMs'>>

export type Consume = (group: Group) => RunningConsumer

/** Gives what starts consumer groups; one that has died and won't come back ends the service. */
export async function openConsumers<Tables extends OutboxTables>(foundation: Foundation<Tables>): Promise<Consume> {
  const { kafka, log, registry, checkpoint, own, fail, sessionTimeoutMs } = foundation
  // Apart from the relay's, which is cut off when its lease ends.
  const producer = await foundation.connectProducer()
  return (group) => {
    const options = { kafka, producer, log, registry, checkpoint, sessionTimeoutMs, ...group }
    const consumer = own(keepConsuming(options), (it) => it.stop())
    void consumer.failed.then(fail)
    return consumer
  }
}
