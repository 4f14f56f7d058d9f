import { defineCommand } from '@rollcall/cli/command'
import { createDatabase } from '@rollcall/database/connect'
import { createTransact } from '@rollcall/outbox/transact'
import { systemClock } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { createHashPool } from '../passwords/hash-pool.ts'
import { passwordField } from '../passwords/password-rules.ts'
import { createAdmin } from './create-admin.ts'
import { emailField } from './email-address.ts'

export default defineCommand({
  summary: 'Create a verified account with the role admin',
  usage: 'admin create --email ADDRESS --password-stdin',
  options: { email: { type: 'string' }, 'password-stdin': { type: 'boolean' } },
  values: z.strictObject({
    email: emailField,
    'password-stdin': z.literal(true, 'is required: a password on the command line would be seen by others'),
  }),
  async run({ values, environment, readStdin, print }) {
    const config = loadConfig(environment)
    const password = passwordField.parse((await readStdin()).replace(/\r?\n$/, ''))
    const db = createDatabase<UsersDatabase>({ ...config.database, applicationName: 'rollcall-cli' })
    const passwords = await createHashPool({ ...config.passwords, workers: 1 })
    try {
      // Nobody waits for what a command tells others: the relay's polling finds it.
      const transact = createTransact(db, { wake: () => {} })
      const deps = { transact, clock: systemClock, passwords }
      const user = await createAdmin(deps, { email: values.email, password })
      print(`created admin ${user.email} (${user.id})`)
    } finally {
      await Promise.all([db.destroy(), passwords.close()])
    }
  },
})
