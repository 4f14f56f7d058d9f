import { isUnavailable } from '@rollcall/database/errors'
import { z } from 'zod'
import { DomainError, type ProblemCode, problemKinds } from './errors.ts'
import { unavailable } from './refusals.ts'

/** RFC 9457 with the extension members of Rollcall. */
export const ProblemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    error: z.enum(Object.keys(problemKinds) as [ProblemCode, ...ProblemCode[]]),
    message: z.string(),
    details: z.record(z.string(), z.string()).optional(),
    traceId: z.string(),
  })
  .meta({ id: 'Problem', description: 'What went wrong, by RFC 9457. `error` is stable; `details` names fields.' })

export type ProblemBody = z.infer<typeof ProblemSchema>

/** `urn:rollcall:problem:email-taken` for `EmailTaken`. */
export function problemType(code: ProblemCode): string {
  return `urn:rollcall:problem:${code.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}`
}

/**
 * The refusal that an error stands for. What is neither a refusal of ours nor one of the frameworks' is our own fault:
 * the answer then says nothing but its trace id.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof URIError) return new DomainError('BadRequest', 'the path is not valid percent-encoding')
  const parserRefusal = refusalOfParser(error)
  if (parserRefusal) return parserRefusal
  if (isUnavailable(error)) return unavailable('a part that this needs is away; try again shortly')
  return new DomainError('Internal', 'something went wrong on our side; the trace id helps us to find it')
}

/** body-parser marks its errors with a `type`; see its README, "Errors". */
function refusalOfParser(error: unknown): DomainError | undefined {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return undefined
  if (error.type === 'entity.too.large' || error.type === 'parameters.too.many') {
    return new DomainError('PayloadTooLarge', 'the body is larger than this accepts')
  }
  if (error.type === 'encoding.unsupported' || error.type === 'charset.unsupported') {
    return new DomainError('UnsupportedMediaType', 'the body has an unsupported encoding or character set')
  }
  if ('status' in error && typeof error.status === 'number' && error.status < 500) {
    return new DomainError('BadRequest', 'the body could not be read: it is incomplete or not valid JSON')
  }
  return undefined
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
