import type { ProblemCode } from './errors.ts'

/** A problem's short title in the language that suits the caller best. */
export type ProblemTitles = (
  code: ProblemCode,
  acceptLanguage: string | undefined,
) => { title: string; language: string }
