import { jobIdOf } from './delivery.ts'
import type { MailQueue } from './jobs.ts'

export interface Waiting {
  id: string
  generation: number
  due_at: Date
  traceparent: string | null
}

/** Puts deliveries into the queue; those whose job is there already stay as they are. @throws when Redis is away */
export async function enqueue(queue: Pick<MailQueue, 'addMany'>, deliveries: Waiting[]): Promise<void> {
  const jobs = deliveries.map(({ id, generation, due_at, traceparent }) => ({
    name: 'send-mail' as const,
    data: { deliveryId: id, generation },
    jobId: jobIdOf({ id, generation }),
    delayMs: Math.max(0, due_at.getTime() - Date.now()),
    traceparent: traceparent ?? undefined,
  }))
  await queue.addMany(jobs)
}
