import { encode } from '@rollcall/messaging/envelope'
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

/** Of one request. A broker refuses more than 1 MiB for one partition, and all rows may belong to one. */
const REQUEST_BYTES = 512 * 1024
/** Headers and framing of a record; measured 450 to 550. */
const RECORD_OVERHEAD_BYTES = 600

/**
 * Sends rows in their order. When the broker refuses a request for its content, halves are sent until the row that it
 * means is found; all others go.
 *
 * @returns rows that can never be sent
 * @throws when it isn't known what the broker has: the rows stay and are sent again
 */
export async function sendRows(sending: Sending, rows: BatchRow[]): Promise<Refused[]> {
  const refused: Refused[] = []
  for (const request of splitBySize(rows)) refused.push(...(await sendRequest(sending, request)))
  return refused
}

async function sendRequest(sending: Sending, rows: BatchRow[]): Promise<Refused[]> {
  const [row] = rows
  if (!row) return []
  if (!sending.mayGoOn()) throw new Error('the lease has ended; another relay sends these messages')
  try {
    await sending.producer.send(rows.map((row) => encode(row)))
    return []
  } catch (error) {
    const reason = refusalOf(error)
    if (reason === undefined) throw error
    if (rows.length === 1) return [{ row, reason }]
  }
  const half = Math.ceil(rows.length / 2)
  const first = await sendRequest(sending, rows.slice(0, half))
  return [...first, ...(await sendRequest(sending, rows.slice(half)))]
}

function splitBySize(rows: BatchRow[]): BatchRow[][] {
  const requests: BatchRow[][] = []
  let room = 0
  for (const row of rows) {
    const size = RECORD_OVERHEAD_BYTES + Buffer.byteLength(row.data ?? '')
    if (size > room || requests.length === 0) {
      requests.push([])
      room = REQUEST_BYTES
    }
    requests.at(-1)?.push(row)
    room -= size
  }
  return requests
}
