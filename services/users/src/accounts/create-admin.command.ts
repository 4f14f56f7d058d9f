import { defineCommand } from '@rollcall/cli/command'
import { createDatabase } from '@rollcall/database/connect'
import { emailField } from '@rollcall/http/email-address'
import { createTransact } from '@rollcall/outbox/transact'
import { systemClock } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { createHashPool } from '../passwords/hash-pool.ts'
import { passwordField } from '../passwords/password-rules.ts'
import { createAdmin } from './create-admin.ts'

export default defineCommand({
  summary: 'Create a verified account with the role admin',
  usage: 'admin create --email ADDRESS [--password-stdin]',
  options: { email: { type: 'string' }, 'password-stdin': { type: 'boolean' } },
  values: z.strictObject({
    email: emailField,
    /** Otherwise it is asked for: on the command line others would see it. */
    'password-stdin': z.boolean().default(false),
  }),
  async run({ values, environment, readStdin, askSecret, print }) {
    const config = loadConfig(environment)
    const typed = values['password-stdin'] ? (await readStdin()).replace(/\r?\n$/, '') : await askTwice(askSecret)
    const password = passwordField.parse(typed)
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

/** Nobody sees what they type: typed twice alike, it is what was meant. */
async function askTwice(askSecret: (question: string) => Promise<string>): Promise<string> {
  const password = await askSecret('Password')
  if ((await askSecret('Once more')) === password) return password
  throw new Error('the two passwords differ')
}
