import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { createTransport } from 'nodemailer'
import { toBuffer } from 'qrcode'
import { expect, it, onTestFinished } from 'vitest'
import { connectMailbox } from './mailbox.ts'
import { readQr } from './qr.ts'
import { waitUntil } from './waiting.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function startMaildev() {
  const [web, smtp] = [await freePort(), await freePort()]
  const program = createRequire(import.meta.url).resolve('maildev/bin/maildev')
  const options = [
    '--web',
    String(web),
    '--smtp',
    String(smtp),
    '--ip',
    '127.0.0.1',
    '--web-ip',
    '127.0.0.1',
    '--silent',
  ]
  const maildev = spawn(process.execPath, [program, ...options], { stdio: 'ignore' })
  onTestFinished(() => void maildev.kill())
  const url = `http://127.0.0.1:${web}`
  const isUp = () =>
    fetch(`${url}/healthz`).then(
      (answer) => answer.ok || undefined,
      () => undefined,
    )
  await waitUntil('the mailbox', isUp)
  return { url, smtp }
}

it('finds a mail by its address and reads the picture in it', async () => {
  const { url, smtp } = await startMaildev()
  const transport = createTransport({ host: '127.0.0.1', port: smtp, ignoreTLS: true })
  await transport.sendMail({
    from: 'rollcall@rollcall.test',
    to: 'ada@rollcall.test',
    subject: 'Your ticket',
    text: 'Look inside',
    html: '<img src="cid:ticket">',
    attachments: [{ cid: 'ticket', filename: 'ticket.png', content: await toBuffer('RC1.x', { width: 200 }) }],
  })
  const mailbox = connectMailbox(url)
  const mail = await mailbox.waitForMail('ada@rollcall.test', ({ subject }) => subject === 'Your ticket')
  expect(mail).toMatchObject({ from: 'rollcall@rollcall.test', to: ['ada@rollcall.test'] })
  expect(mail.text).toContain('Look inside')
  const [picture] = mail.attachments
  expect(picture?.contentId).toBe('ticket')
  expect(readQr(await mailbox.attachment(mail, picture?.fileName ?? ''))).toBe('RC1.x')
})
