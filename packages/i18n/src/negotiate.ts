import Negotiator from 'negotiator'
import { DEFAULT_LANGUAGE, languages, lookupLanguage } from './languages.ts'

export interface LanguageWishes {
  /** `?lang=` of this one request. */
  query?: string | undefined
  /** What the person has chosen for good. */
  profile?: string | undefined
  /** The header as it came. */
  acceptLanguage?: string | undefined
}

/** The language to answer in: what the request asks for, then what the person chose, then what the browser prefers. */
export function negotiateLanguage({ query, profile, acceptLanguage }: LanguageWishes): string {
  const asked = [query, profile].flatMap((tag) => (tag ? [tag] : []))
  for (const tag of [...asked, ...preferredTags(acceptLanguage ?? '')]) {
    const language = tag === '*' ? languages[0] : lookupLanguage(tag)
    if (language) return language
  }
  return DEFAULT_LANGUAGE
}

/** Longer than any browser's; what follows is ignored. */
const LONGEST_HEADER = 1000

/** Tags of an `Accept-Language` header, the most wanted first (RFC 9110, 12.5.4); malformed ones are left out. */
function preferredTags(header: string): string[] {
  return new Negotiator({ headers: { 'accept-language': header.slice(0, LONGEST_HEADER) } }).languages()
}
