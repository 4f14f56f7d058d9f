import { randomUUID } from 'node:crypto'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { SmtpSink } from '@rollcall/testing/smtp-sink'
import type { JWK } from 'jose'
import type { Transporter } from 'nodemailer'
import type { Window } from '../measuring/bench.ts'
import { openLoop } from './open-loop.ts'
import { aSignUp, type SignUp, type UsersSide } from './sign-ups.ts'

/** Milliseconds since the epoch, with fractions, as the sink notes them. */
const now = () => performance.timeOrigin + performance.now()

const PATIENCE_MS = 120_000

export interface Load {
  /** Mails a second, whether or not those before have gone. */
  rate: number
  count: number
}

interface Pipeline {
  users: UsersSide
  sink: SmtpSink
  key: JWK
}

/** From the commit of a sign-up to the server's 250: outbox, relay, Kafka, ledger, queue, claim, template, SMTP. */
export async function mailThroughPipeline({ users, sink, key }: Pipeline, { rate, count }: Load): Promise<Window> {
  const signUps = await Promise.all(Array.from({ length: count }, () => aSignUp(key)))
  const committedAt = new Map<string, number>()
  const began = now()
  await openLoop({ rate, count }, async (index) => {
    const { email, messages } = signUps[index] as SignUp
    await users.transact((tx) => appendToOutbox(tx, ...messages))
    committedAt.set(email, now())
  })
  return untilArrived(sink, { began, since: committedAt, count })
}

interface Bare {
  pool: Transporter
  sink: SmtpSink
}

/** The same mail handed to nodemailer's pool alone. */
export async function mailThroughPool({ pool, sink }: Bare, { rate, count }: Load): Promise<Window> {
  const handedAt = new Map<string, number>()
  const text = 'Please confirm that this address is yours: http://localhost:8080/auth/verify-email/x/y\n'.repeat(5)
  const began = now()
  await openLoop({ rate, count }, async () => {
    const to = `${randomUUID()}@rollcall.test`
    handedAt.set(to, now())
    await pool.sendMail({ from: 'rollcall@example.org', to, subject: 'Please confirm', text, html: `<p>${text}</p>` })
  })
  return untilArrived(sink, { began, since: handedAt, count })
}

interface Expected {
  began: number
  /** When each address was due. */
  since: Map<string, number>
  count: number
}

/** Waits for the last mail, then empties the sink. */
async function untilArrived(sink: SmtpSink, { began, since, count }: Expected): Promise<Window> {
  await sink.waitForMail(() => sink.mails.length >= count && since.size >= count, PATIENCE_MS)
  const mails = sink.mails.splice(0)
  const times = mails.map((mail) => mail.receivedAt - (since.get(mail.to[0] ?? '') ?? Number.NaN))
  const last = Math.max(...mails.map(({ receivedAt }) => receivedAt))
  return { units: count, seconds: (last - began) / 1000, times }
}
