import type { Readable } from 'node:stream'
import type { RequestHandler } from 'express'
import type { z } from 'zod'
import type { AnswerDescription, Operation } from './operation.ts'

/** What a handler gives: a value, so that it can be stored and checked before it is sent. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
  html?: string
  stream?: Readable
  /** Pages that come as an Express handler of their own. */
  page?: RequestHandler
}

/** A page that tells a person why not, with the status that a program would get as a problem. */
export interface RefusalPage {
  status: number
  headers?: Record<string, string>
  html: string
  refusal: true
}

declare const stored: unique symbol

/** An answer that `once` has stored with the work that it tells of, or that had been stored before. */
export type OnceAnswer<Given> = Given & { readonly [stored]: true }

type Content<Described extends AnswerDescription> = Described extends { schema: infer Schema extends z.ZodType }
  ? { body: z.input<Schema> } | (Described extends { html: true } ? { html: string } : never)
  : Described extends { contentType: 'text/html' }
    ? { html: string } | { page: RequestHandler }
    : Described extends { contentType: string }
      ? { stream: Readable }
      : { body?: undefined }

type HeadersOf<Described extends AnswerDescription> = Described extends { headers: infer Named }
  ? { headers: Record<string, string> & { [Name in keyof Named as Lowercase<Name & string>]: string } }
  : { headers?: Record<string, string> }

type Declared<Answers> = {
  [Status in keyof Answers & number]: Answers[Status] extends AnswerDescription
    ? { status: Status } & HeadersOf<Answers[Status]> & Content<Answers[Status]>
    : never
}[keyof Answers & number]

type HasPage<Answers> = Answers[keyof Answers & number] extends infer Described
  ? Described extends { html: true } | { contentType: 'text/html' }
    ? RefusalPage
    : never
  : never

/** What a handler of the operation may give: its declared statuses with their bodies and headers, and nothing else. */
export type AnswerOf<Op extends Operation> = Op['idempotent'] extends true
  ? OnceAnswer<Declared<Op['answers']>>
  : Declared<Op['answers']> | HasPage<Op['answers']>

type Headers = Record<string, string>

export const ok = <Body>(body: Body) => ({ status: 200, body }) as const

/** 200 with headers. */
export const okWith = <const Given extends Headers, Body>(headers: Given, body: Body) =>
  ({ status: 200, headers, body }) as const

/** 201 with the address of what was made. */
export const created = <Body>(location: string, body: Body) => ({ status: 201, headers: { location }, body }) as const

export const accepted = { status: 202 } as const

export const noContent = { status: 204 } as const

/** 200 with a page for people. */
export const pageAnswer = (html: string) => ({ status: 200, html }) as const

/** 200 with bytes, piece by piece. */
export const streamed = <const Given extends Headers>(headers: Given, stream: Readable) =>
  ({ status: 200, headers, stream }) as const

export const notModified = <const Given extends Headers>(headers: Given) => ({ status: 304, headers }) as const

/** 303: the browser goes on with GET. */
export const seeOther = <const Given extends Headers>(location: string, headers: Given) =>
  ({ status: 303, headers: { ...headers, location } }) as const

export const refusalPage = (status: number, html: string, headers: Headers = {}): RefusalPage => ({
  status,
  html,
  headers,
  refusal: true,
})
