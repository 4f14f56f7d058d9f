import { z } from 'zod'
import { defineJobs } from '../src/catalogue.ts'

export const probeJobs = defineJobs({ probe: { data: z.strictObject({ probeId: z.uuid() }) } })
