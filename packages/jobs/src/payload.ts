import { z } from 'zod'

/** What a job carries in Redis: ids, and the trace that it belongs to. */
export const Payload = z.object({ data: z.unknown(), traceparent: z.string().optional() })
export type Payload = z.infer<typeof Payload>
