import { defineJobs } from '@rollcall/jobs/catalogue'
import type { JobQueue } from '@rollcall/jobs/queue'
import { z } from 'zod'

export const MAIL_QUEUE = 'mails'

/** One attempt to send; attempts are counted in the ledger, so BullMQ makes none of its own. */
export const mailJobs = defineJobs({
  'send-mail': { data: z.object({ deliveryId: z.uuid(), generation: z.int().positive() }) },
})

export type MailQueue = JobQueue<typeof mailJobs>
