import { isEngineAway } from '@rollcall/runtime/engine-away'
import { z } from 'zod'
import { DomainError } from './errors.ts'
import { problemCodes, problemType } from './problems.ts'
import { unavailable } from './refusals.ts'

/** RFC 9457 with the extension members of Rollcall. */
export const ProblemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    error: z.enum(problemCodes),
    message: z.string(),
    details: z.record(z.string(), z.string()).optional(),
    traceId: z.string(),
  })
  .meta({ id: 'Problem', description: 'What went wrong, by RFC 9457. `error` is stable; `details` names fields.' })

export type ProblemBody = z.infer<typeof ProblemSchema>

/**
 * The refusal that an error stands for. What is neither a refusal of ours nor an engine that is away is our own fault:
 * the answer then says nothing but its trace id.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof URIError) return new DomainError('BadRequest', 'the path is not valid percent-encoding')
  if (isEngineAway(error)) return unavailable('a part that this needs is away; try again shortly')
  return new DomainError('Internal', 'something went wrong on our side; the trace id helps us to find it')
}

interface ProblemContext {
  title: string
  instance: string
  traceId: string
}

export function problemBody(error: DomainError, { title, instance, traceId }: ProblemContext): ProblemBody {
  return {
    type: problemType(error.code),
    title,
    status: error.status,
    detail: error.message,
    instance,
    error: error.code,
    message: error.message,
    ...(error.extras.details ? { details: error.extras.details } : {}),
    ...(error.extras.links ? { _links: error.extras.links } : {}),
    traceId,
  }
}
