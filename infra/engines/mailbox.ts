import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Engine } from './engine.ts'
import { launch } from './launch.ts'

/** Catches every mail; people read them in the browser, tests by its REST interface. */
export function mailbox({ smtpPort }: { smtpPort: number }): Engine {
  return {
    name: 'mailbox',
    needs: () => [],
    ensure: async () => {},

    async start({ port, folder }) {
      const mails = join(folder, 'mails')
      await mkdir(mails, { recursive: true })
      const maildev = join(dirname(createRequire(import.meta.url).resolve('maildev/package.json')), 'bin/maildev')
      const web = ['--web', String(port), '--web-ip', '127.0.0.1']
      return launch({
        name: 'mailbox',
        command: process.execPath,
        args: [maildev, '--ip', '127.0.0.1', '--smtp', String(smtpPort), ...web, '--mail-directory', mails],
        logFile: join(folder, 'mailbox.log'),
        stopWithinMs: 5000,
      })
    },

    async ready({ port }) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
      if (!answer.ok) throw new Error(`the mailbox answered ${answer.status}`)
    },
  }
}
