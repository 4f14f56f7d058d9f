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

/** More than any browser sends; what follows is ignored. */
const MOST_TAGS = 20

/** Tags of an `Accept-Language` header, the most wanted first (RFC 9110, 12.5.4); malformed ones are left out. */
function preferredTags(header: string): string[] {
  return header
    .split(',', MOST_TAGS)
    .map((item) => /^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(item))
    .flatMap((match) => (match ? [{ tag: match[1] ?? '', quality: Number(match[2] ?? 1) }] : []))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}
