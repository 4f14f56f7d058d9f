import { days, hours } from '@rollcall/runtime/clock'

/**
 * What happens to a mail whose connection was lost after its final dot, when nobody can know whether it arrived:
 * `resend` risks a second copy, `hold` risks none and leaves it to a person.
 */
export type LossPolicy = 'resend' | 'hold'

export interface TemplateDefinition {
  policy: LossPolicy
  /** Milliseconds after the fact until which the mail makes sense; a replay or a restored backup never sends old mail. */
  sendWithinMs: number
  /** Every variable that its texts may use, with a sample value for tests and previews. */
  variables: Record<string, string>
}

/** Available to the shared header and footer of every template. */
export const sharedVariables = { publicUrl: 'https://rollcall.example' } as const

/** Every mail that Rollcall sends, whatever its language. */
export const templates = {
  'verify-email': {
    policy: 'resend',
    sendWithinMs: hours(24),
    variables: {
      recipientName: 'Ada',
      verifyUrl: 'https://rollcall.example/auth/verify-email/0190a1b2/secret',
      expiresAt: 'Monday, 1 June 2026 at 18:00 (CEST)',
    },
  },
  'ticket-issued': {
    policy: 'resend',
    sendWithinMs: days(3),
    variables: {
      recipientName: 'Ada',
      eventTitle: 'Meet the compilers',
      eventStart: 'Monday, 1 June 2026 at 18:00 (CEST)',
      eventLocation: 'Room 12',
      ticketCid: 'ticket@rollcall',
    },
  },
} as const satisfies Record<string, TemplateDefinition>

export type TemplateName = keyof typeof templates
export type TemplateValues<Name extends TemplateName> = Record<keyof (typeof templates)[Name]['variables'], string>
