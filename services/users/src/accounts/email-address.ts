import { domainToASCII } from 'node:url'
import { CONTROL, textField } from '@rollcall/http/fields'
import { z } from 'zod'

const MAX_BYTES = 254
const MAX_LOCAL_BYTES = 64

/** RFC 5321 dot-string; quoted local parts are legal, unused, and a way to smuggle separators. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const ASCII_LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/** The first thing that is wrong with an address, in words for the person who typed it. */
function problemWith(address: string): string | undefined {
  if (Buffer.byteLength(address) > MAX_BYTES) return `must be at most ${MAX_BYTES} bytes`
  const at = address.lastIndexOf('@')
  if (at === -1) return 'must contain an @'
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (local === '') return 'must have a part before the @'
  if (local.length > MAX_LOCAL_BYTES || !LOCAL_PART.test(local))
    return 'has a part before the @ that no mailbox can have'
  if (domain === '') return 'must have a domain after the @'
  if (!domain.includes('.')) return 'must have a domain with a dot, such as example.org'
  return isDomain(domain) ? undefined : 'has a domain that cannot exist'
}

function isDomain(domain: string): boolean {
  const labels = domainToASCII(domain).split('.')
  return labels.length >= 2 && labels.every((label) => ASCII_LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
}

export const emailField = z
  .string()
  .trim()
  .superRefine((address, context) => {
    const message = problemWith(address)
    if (message) context.addIssue({ code: 'custom', message })
  })
  .meta({ format: 'email', maxLength: MAX_BYTES, example: 'ada@example.org' })

/** An address as somebody types it to sign in: what no account can have simply opens none. */
export const typedEmailField = textField({ min: 3, max: MAX_BYTES })
  .trim()
  .regex(/@/, 'must contain an @')
  .meta({ pattern: `^[^${CONTROL}]*@[^${CONTROL}]*$` })

/** Two addresses are the same account when their keys are equal. */
export function emailKey(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at).toLowerCase()}@${domainToASCII(address.slice(at + 1))}`
}
