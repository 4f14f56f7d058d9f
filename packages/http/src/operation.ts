import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '@rollcall/access/caller'
import type { OpenPermission, Permission, Scope } from '@rollcall/access/permissions'
import type { z } from 'zod'
import type { Answer, AnswerOf } from './answers.ts'
import type { ProblemCode } from './problems.ts'
import type { LimitName } from './rate-limits.ts'

export interface AnswerDescription {
  description: string
  /** JSON unless `contentType` says otherwise. */
  schema?: z.ZodType
  contentType?: string
  /** A page for people is offered beside JSON, by `Accept`. */
  html?: boolean
  /** Headers that the answer always has, by name: what each is for. */
  headers?: Record<string, string>
}

/** One operation of the API. Routing, validation, permissions, limits and OpenAPI all follow from it. */
export interface Operation {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** In OpenAPI's form: `/events/{eventId}`. `{+rest}` stands for one or more segments (RFC 6570), for pages only. */
  path: string
  summary: string
  tag: string
  permission: Permission
  /** Allowed by the roles that are known, however long nothing has been heard of changes: where people wait at a door. */
  trustsKnownRoles?: boolean
  /** How the caller is known. Default: a bearer token. `ops-cookie`: a browser at the operators' pages. */
  credential?: 'bearer' | 'ops-cookie'
  /** Taken from pages of this origin only, so that no other site's form can send it. Follows from a cookie where something is changed. */
  ownOriginOnly?: boolean
  /** Where a browser goes whose caller may not see this page. */
  signInPage?: string
  params?: z.ZodObject
  query?: z.ZodObject
  /** Parsed from JSON, or from a form when `form` is set; `too`: from either, as pages send forms and programs JSON. */
  body?: z.ZodType
  form?: boolean | 'too'
  answers: Record<number, AnswerDescription>
  /** Codes beyond those that every operation of its kind may answer. */
  problems?: readonly ProblemCode[]
  /** In which words it refuses. Default: problems by RFC 9457. `oauth`: by RFC 6749, as far as that has a name for it. */
  refusals?: 'oauth'
  /** A limit of its own beside the general ones. */
  limit?: LimitName
  /** Honours `Idempotency-Key`: the handler answers by `once`, or it does not compile. */
  idempotent?: boolean
  /** Serves browsers rather than API clients; left out of the OpenAPI document. */
  internal?: boolean
}

export type Api = Record<string, Operation>

/** Operations of one feature by operationId. Exists for its types: a typo in a member does not compile. */
export function defineApi<const Operations extends Api>(operations: Operations): Operations {
  return operations
}

export interface IdempotentRequest {
  /** Whose key it is, and for which operation. */
  scope: string
  /** Keys of those who are not are bound to what they send. */
  signedIn: boolean
  key: string | undefined
  body: unknown
}

type Parsed<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined

export interface OperationRequest<Op extends Operation = Operation> {
  params: Parsed<Op['params']>
  query: Parsed<Op['query']>
  body: Parsed<Op['body']>
  caller: Op['permission'] extends OpenPermission ? Caller | undefined : Caller
  scope: Scope
  headers: IncomingHttpHeaders
  /** The query as it came, for links that repeat it. */
  search: string
  /** The peer's address, through trusted proxies only. */
  address: string
  idempotent: Op['idempotent'] extends true ? IdempotentRequest : undefined
  /** Whether a page should be shown rather than JSON. */
  wantsHtml: boolean
}

export type Handlers<Operations extends Api> = {
  [Id in keyof Operations]: (request: OperationRequest<Operations[Id]>) => Promise<AnswerOf<Operations[Id]>>
}

export interface Route {
  id: string
  operation: Operation
  handle(request: OperationRequest): Promise<Answer>
}

/** Ties each operation of an API to its handler; one that lacks its handler does not compile. */
export function implement<Operations extends Api>(api: Operations, handlers: Handlers<Operations>): Route[] {
  return Object.entries(api).map(([id, operation]) => ({
    id,
    operation,
    // Each handler takes the request of its own operation; the router parses by that same operation.
    handle: handlers[id] as unknown as Route['handle'],
  }))
}
