import { randomUUID } from 'node:crypto'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSmtpSink } from '@rollcall/testing/smtp-sink'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMailSender, type OutgoingMail } from './mail-sender.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closing.splice(0).reverse()) await close()
})

function aMail(): OutgoingMail {
  const deliveryId = randomUUID()
  const image = { cid: 'a@rollcall', filename: 'a.png', content: Buffer.alloc(30, 7), contentType: 'image/png' }
  return {
    deliveryId,
    messageId: `<${deliveryId}@rollcall.test>`,
    to: { name: 'Ada', address: 'ada@rollcall.test' },
    subject: 'Grüezi',
    html: `<p>${'Hello '.repeat(500)}</p>`,
    text: 'Hello\n.\nfrom Rollcall\n'.repeat(50),
    date: new Date('2026-06-01T10:00:00Z'),
    language: 'de',
    inlineImages: [image],
  }
}

async function start(tls?: 'starttls' | 'from-start') {
  const sink = await startSmtpSink(tls === undefined ? {} : { tls })
  closing.push(sink.stop)
  const sender = createMailSender({
    // The sink's certificate is the library's own, which nobody has signed.
    url: `${sink.url}?tls.rejectUnauthorized=false`,
    from: 'a@rollcall.test',
    poolSize: 1,
    attemptTimeoutMs: 5000,
  })
  closing.push(sender.close)
  return { sink, sender }
}

/** The system's writes to a port from here on: what a socket gets by one call of these goes out at once. */
function writesTo(port: number): string[] {
  const writes: string[] = []
  for (const name of ['_write', '_writev'] as const) {
    const write = Socket.prototype[name] as (...of: unknown[]) => void
    vi.spyOn(Socket.prototype, name).mockImplementation(function (this: Socket, ...of: unknown[]) {
      const [first] = of
      const chunks = Array.isArray(first) ? first.map(({ chunk }) => chunk) : [first]
      if (this.remotePort === port) writes.push(Buffer.concat(chunks as Buffer[]).toString())
      write.apply(this, of)
    })
  }
  return writes
}

describe('a mail', () => {
  it('goes out in two writes: its commands, and the message with its final dot', async () => {
    const { sink, sender } = await start()
    await sender.send(aMail())
    const writes = writesTo(sink.port)
    await sender.send(aMail())
    expect(writes).toEqual([
      expect.stringMatching(/^MAIL FROM.*\r\nRCPT TO.*\r\nDATA\r\n$/),
      expect.stringMatching(/^Auto-Submitted: .*\r\n\.\r\n$/s),
    ])
  })

  it('goes out without its final dot while something must come before that', async () => {
    const { sink, sender } = await start()
    await sender.send(aMail())
    const writes = writesTo(sink.port)
    let before = 0
    const beforeDot = async () => {
      await sleep(20)
      before = writes.length
    }
    await sender.send(aMail(), { beforeDot })
    expect(before).toBe(2)
    expect(writes).toEqual([expect.any(String), expect.stringMatching(/^Auto-Submitted: .*--\r\n$/s), '.\r\n'])
  })

  it.each(['starttls', 'from-start'] as const)('arrives whole with TLS %s', async (tls) => {
    const plain = await start()
    const secured = await start(tls)
    const mail = aMail()
    expect(await secured.sender.send(mail)).toMatchObject({ kind: 'accepted' })
    expect(await plain.sender.send(mail)).toMatchObject({ kind: 'accepted' })
    const [received] = secured.sink.mails
    expect(received).toMatchObject({ secure: true })
    expect(received?.raw.equals(plain.sink.mails[0]?.raw ?? Buffer.alloc(0))).toBe(true)
  })
})

it.each(['127.0.0.1', 'localhost'])('tells that nobody listens at %s', async (host) => {
  const options = { from: 'a@b.test', poolSize: 1, attemptTimeoutMs: 2000 }
  const sender = createMailSender({ url: `smtp://${host}:9`, ...options })
  closing.push(sender.close)
  expect(await sender.send(aMail())).toEqual({ kind: 'lost', phase: 'before-dot', reason: 'connection-refused' })
})

it('tells that a connection does not come about in time', async () => {
  // Reserved for documentation (RFC 5737): packets to it go nowhere, or are refused.
  const options = { url: 'smtp://192.0.2.1:25', from: 'a@b.test', poolSize: 1, attemptTimeoutMs: 300 }
  const sender = createMailSender(options)
  closing.push(sender.close)
  const began = performance.now()
  expect(await sender.send(aMail())).toMatchObject({ kind: 'lost', phase: 'before-dot' })
  expect(performance.now() - began).toBeLessThan(2000)
})
