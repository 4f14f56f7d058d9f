import { encode, type WireMessage } from '@rollcall/messaging/envelope'
import { type KafkaProducer, refusalOf } from '@rollcall/messaging/producer'
import type { BatchRow } from './queries.ts'

export interface Refused {
  row: BatchRow
  /** The broker's code, `MESSAGE_TOO_LARGE`. */
  reason: string
}

interface Sending {
  producer: Pick<KafkaProducer, 'send'>
  /** Whether the lease is still ours; asked before every request. */
  mayGoOn(): boolean
}

/**
 * Sends rows in their order. When the broker refuses a request for its content, halves are sent until the row that it
 * means is found; all others go.
 *
 * @returns rows that can never be sent
 * @throws when it isn't known what the broker has: the rows stay and are sent again
 */
export async function sendRows(sending: Sending, rows: BatchRow[]): Promise<Refused[]> {
  const [row] = rows
  if (!row) return []
  if (!sending.mayGoOn()) throw new Error('the lease has ended; another relay sends these messages')
  try {
    await sending.producer.send(rows.map(toWire))
    return []
  } catch (error) {
    const reason = refusalOf(error)
    if (reason === undefined) throw error
    if (rows.length === 1) return [{ row, reason }]
  }
  const half = Math.ceil(rows.length / 2)
  const first = await sendRows(sending, rows.slice(0, half))
  return [...first, ...(await sendRows(sending, rows.slice(half)))]
}

function toWire({ position: _, ...message }: BatchRow): WireMessage {
  return encode(message)
}
