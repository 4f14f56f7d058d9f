import { defineJobs } from '@rollcall/jobs/catalogue'
import { z } from 'zod'

export const ticketQueue = 'tickets'

export const ticketJobs = defineJobs({
  'issue-ticket': {
    data: z.object({ registrationId: z.uuid() }),
    options: { attempts: 8, backoff: { type: 'exponential', delay: 250 } },
  },
})
