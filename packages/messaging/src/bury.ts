import type { Definition } from '@rollcall/contracts/define'
import type { Logger } from '@rollcall/runtime/logger'
import { Counter, type Registry } from '@rollcall/runtime/metrics'
import type { KafkaMessage } from 'kafkajs'
import { type Origin, toDeadLetter } from './dead-letters.ts'
import type { WireMessage } from './envelope.ts'
import { type KafkaProducer, refusalOf } from './producer.ts'

export interface BuryDeps {
  producer: Pick<KafkaProducer, 'send'>
  log: Logger
  registry: Registry
}

interface Buried extends Origin {
  /** Of what its topic holds. */
  kind: Definition['kind']
}

/**
 * Puts a record into the dead letters, counts it in `dead_letters_total`, and says so. Some go without their value: what it
 * was and where it is in its own topic is still known. A snapshot does, as it may hold personal data: a copy would outlive an
 * erasure, which reaches the record in its own, compacted topic. So does one that the broker refuses even there.
 *
 * @throws {EngineAway} while Kafka does not take it
 */
export async function bury(
  { producer, log, registry }: BuryDeps,
  record: KafkaMessage,
  { kind, ...origin }: Buried,
): Promise<void> {
  const whole = toDeadLetter(record, origin)
  const letter = kind === 'snapshot' ? withoutValue(whole, 'SNAPSHOT') : whole
  try {
    await producer.send([letter])
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    await producer.send([withoutValue(letter, refusal)])
  }
  counterOf(registry).inc({ group: origin.group, topic: origin.topic })
  log.error({ ...origin, offset: record.offset }, 'a record is in the dead letters')
}

function withoutValue(letter: WireMessage, why: string): WireMessage {
  return { ...letter, value: null, headers: { ...letter.headers, 'value-left-out': why } }
}

const NAME = 'dead_letters_total'

/** Groups of one process share it, as a registry takes a name only once. */
function counterOf(registry: Registry): Counter<'group' | 'topic'> {
  const known = registry.getSingleMetric(NAME) as Counter<'group' | 'topic'> | undefined
  const help = 'Records that this process has put into the dead letters'
  return known ?? new Counter({ name: NAME, help, labelNames: ['group', 'topic'], registers: [registry] })
}
