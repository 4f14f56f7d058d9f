import { DomainError } from './errors.ts'

/** An entity tag (RFC 9110, 8.8.3), `W/"…"` or `"…"`. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/

/**
 * Whether `If-None-Match` names this tag: by weak comparison (RFC 9110, 13.1.2), so that `W/"x"` is `"x"`, anywhere in a
 * list, or as `*`. A malformed list matches nothing: the whole is sent, which is never wrong.
 *
 * @param etag of the present representation, as it is sent
 */
export function matchesNone(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const tags = splitTags(ifNoneMatch)
  return tags.every((tag) => ENTITY_TAG.test(tag)) && tags.some((tag) => opaque(tag) === opaque(etag))
}

const opaque = (tag: string) => tag.replace(/^W\//, '')

/** At commas outside quotes: a tag may hold commas. */
function splitTags(list: string): string[] {
  const parts = list.match(/(?:[^,"]|"[^"]*"?)+/g) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/**
 * Holds `If-Match` against an entity tag `"<edit>.<rest>"`: only the edit counts, as what raises the rest alone (a sign-in, a
 * registration) spoils nobody's edit. A weak tag (`W/"…"`), which a compressing proxy makes of ours, names the same edit.
 *
 * @throws {DomainError} `PreconditionRequired` without the header, `PreconditionFailed` for another edit
 */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) {
    throw new DomainError('PreconditionRequired', 'send the ETag of what you have read as If-Match')
  }
  if (ifMatch.trim() === '*') return
  const tags = splitTags(ifMatch)
  const matches = tags.every((tag) => ENTITY_TAG.test(tag)) && tags.some((tag) => editOf(tag) === editOf(etag))
  if (!matches) throw new DomainError('PreconditionFailed', 'it was changed since you have read it; read it again')
}

const editOf = (tag: string) => /^"(\d+)\.\d+"$/.exec(opaque(tag))?.[1] ?? tag
