import type { BackoffOptions } from 'bullmq'
import type { z } from 'zod'

export interface JobDeclaration<Schema extends z.ZodObject = z.ZodObject> {
  /** Ids only: Redis keeps it in clear, and shows it in dashboards. */
  data: Schema
  options?: {
    /** How often a failing job is run before it stays failed. Default: 1. */
    attempts?: number
    /** Pause between attempts, in milliseconds. */
    backoff?: BackoffOptions
  }
}

/** Jobs of one queue by name. */
export type JobCatalogue = Record<string, JobDeclaration>

export type JobName<Jobs extends JobCatalogue> = keyof Jobs & string

export type JobData<Jobs extends JobCatalogue, Name extends JobName<Jobs>> = z.infer<Jobs[Name]['data']>

/** Declares the jobs of a queue once; queue and worker are typed by it. */
export function defineJobs<const Jobs extends JobCatalogue>(jobs: Jobs): Jobs {
  return jobs
}
