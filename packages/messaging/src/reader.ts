import { type Checkpoint, noCheckpoint } from '@rollcall/runtime/checkpoint'
import type { EachBatchPayload } from 'kafkajs'
import { type ChunkDeps, handleChunk } from './handle-batch.ts'
import type { OffsetKeeper } from './offsets.ts'

interface ReaderOptions extends ChunkDeps {
  offsets: OffsetKeeper
  /** Before the contract's name in the names of topics. */
  namespace: string
  heartbeatMs: number
  /** Passes `consumer-after-handle`, between the handlers and the note for the next commit. */
  checkpoint?: Checkpoint | undefined
}

/** Records handled at once. More would delay heartbeats and lose more work at a rebalance. */
const CHUNK = 100

/** What kafkajs calls with each batch of one partition. */
export function createReader(options: ReaderOptions) {
  const { offsets, namespace, heartbeatMs, checkpoint = noCheckpoint } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const inHand = new Set<Promise<void>>()

  async function readBatch(payload: EachBatchPayload) {
    const { batch, resolveOffset, isRunning, isStale } = payload
    const { topic, partition } = batch
    const pulse = startPulse(payload, heartbeatMs)
    const active = () => !signal.aborted && isRunning() && !isStale() && pulse.error === undefined
    const chunk = { topic: topic.slice(namespace.length), partition, active, signal }
    try {
      for (let start = 0; start < batch.messages.length && active(); start += CHUNK) {
        const records = batch.messages.slice(start, start + CHUNK)
        const last = records.at(-1)
        if (!last) break
        if (!(await handleChunk(options, { ...chunk, records }))) break
        await checkpoint('consumer-after-handle')
        resolveOffset(last.offset)
        offsets.handled({ topic, partition, offset: last.offset })
      }
    } finally {
      pulse.stop()
    }
    // kafkajs joins the group again when it hears of it.
    if (pulse.error !== undefined) throw pulse.error
  }

  return {
    async read(payload: EachBatchPayload) {
      const work = readBatch(payload)
      inHand.add(work)
      try {
        await work
      } finally {
        inHand.delete(work)
      }
    },
    /** Ends after the chunks in hand. */
    async stop() {
      stopping.abort()
      await Promise.allSettled(inHand)
    },
  }
}

/** Heartbeats while handlers run and while they wait for a database, so that the partition stays ours meanwhile. */
function startPulse({ heartbeat }: EachBatchPayload, intervalMs: number) {
  const pulse: { error: unknown; stop(): void } = { error: undefined, stop: () => clearInterval(timer) }
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => {
      pulse.error ??= error
    })
  }, intervalMs)
  return pulse
}
