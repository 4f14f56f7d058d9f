import { defineCommand } from '@rollcall/cli/command'
import { createDatabase } from '@rollcall/database/connect'
import { systemClock } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { replaceKeys, rotateKeys } from './rotate-keys.ts'

export default defineCommand({
  summary: 'Make the next signing key; with --withdraw-all at once, and the others count no longer',
  usage: 'keys rotate [--withdraw-all]',
  options: { 'withdraw-all': { type: 'boolean' } },
  values: z.strictObject({ 'withdraw-all': z.boolean().default(false) }),
  async run({ values, environment, print }) {
    const { database, tokens } = loadConfig(environment)
    const db = createDatabase<UsersDatabase>({ ...database, applicationName: 'rollcall-cli' })
    try {
      const deps = { db, clock: systemClock, encryptionKey: tokens.encryptionKey }
      const { kid, signsFrom, withdrawn } = await (values['withdraw-all'] ? replaceKeys(deps) : rotateKeys(deps))
      print(`key ${kid} is published, and signs from ${signsFrom.toISOString()}`)
      for (const gone of withdrawn) print(`key ${gone} is withdrawn`)
    } finally {
      await db.destroy()
    }
  },
})
