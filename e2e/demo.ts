import { createProgress } from '@rollcall/engines/progress'
import { awaitStart } from '@rollcall/local/await-start'
import { doorFile, endpointsFile, runFile } from '@rollcall/local/state'
import { z } from 'zod'
import { promoteAndDemote, signIn, signUpAndVerify } from './demo/account-steps.ts'
import { findOrCreateAdmin } from './demo/admin.ts'
import { createNarrator } from './demo/narrator.ts'
import { publishEvent, visitEvent } from './demo/ticket-steps.ts'

const Endpoints = z.object({ gateway: z.url(), mailbox: z.url() })

const progress = createProgress((text) => process.stdout.write(text))

async function walk(): Promise<void> {
  const { gateway, mailbox: mailboxUrl } = Endpoints.parse(
    await awaitStart({ runFile, doorFile, endpointsFile }, progress),
  )
  const narrator = createNarrator(gateway)
  const { say } = narrator
  say(`The first journey, through ${gateway}`)
  say('An admin')
  const adminToken = await signIn(narrator, await findOrCreateAdmin(narrator))
  say('Somebody signs up')
  const person = await signUpAndVerify({ narrator, mailboxUrl })
  say('An event')
  const eventId = await publishEvent(narrator, adminToken)
  say('A seat, a ticket, the door')
  await visitEvent(narrator, { eventId, person, adminToken, mailboxUrl })
  say('A role, and its end')
  await promoteAndDemote(narrator, { adminToken, person })
  say(`All of it worked. The mails are at ${mailboxUrl}, the queues at ${gateway}/ops/queues.`)
}

try {
  await walk()
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
