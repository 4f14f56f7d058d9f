import { defineCommand } from '@rollcall/cli/command'
import { createDatabase } from '@rollcall/database/connect'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { verifyChain } from './verify-chain.ts'

export default defineCommand({
  summary: 'Check that no row of the audit log was edited, deleted or moved',
  usage: 'audit verify',
  options: {},
  values: z.strictObject({}),
  async run({ environment, print }) {
    const db = createDatabase<UsersDatabase>({ ...loadConfig(environment).database, applicationName: 'rollcall-cli' })
    try {
      const { rows, faults } = await verifyChain(db)
      if (faults.length > 0) throw new Error(`the audit log is not whole:\n${faults.join('\n')}`)
      print(`the audit log is whole: ${rows} rows`)
    } finally {
      await db.destroy()
    }
  },
})
