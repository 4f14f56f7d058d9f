import { defineCommand } from '@rollcall/cli/command'
import { createDatabase } from '@rollcall/database/connect'
import { systemClock } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { rotateTicketKeys } from './ticket-keys.ts'

export default defineCommand({
  summary: 'Make the next key of tickets; what is printed stays good',
  usage: 'keys rotate --tickets',
  options: {},
  values: z.strictObject({}),
  async run({ environment, print }) {
    const { database, tickets } = loadConfig(environment)
    const db = createDatabase<EventsDatabase>({ ...database, applicationName: 'rollcall-cli' })
    try {
      const deps = { db, clock: systemClock, encryptionKey: tickets.encryptionKey }
      const { version, signs_from } = await rotateTicketKeys(deps)
      print(`ticket key ${version} is made, and signs from ${signs_from.toISOString()}`)
    } finally {
      await db.destroy()
    }
  },
})
