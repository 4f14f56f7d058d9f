import { createDatabase } from '@rollcall/database/connect'
import { migrateToLatest } from '@rollcall/database/migrate'
import { parseEnvironment } from '@rollcall/runtime/config'
import { z } from 'zod'
import { migrations } from './migrations.ts'

/** Run by itself before a new version starts: several processes of it may start at once, migrating is done once. */
const { DATABASE_URL: url } = parseEnvironment(z.object({ DATABASE_URL: z.url() }), process.env)
const db = createDatabase({
  url,
  maxConnections: 1,
  applicationName: 'notifications-migrate',
  statementTimeoutMs: 600_000,
})
try {
  const applied = await migrateToLatest(db, migrations)
  process.stdout.write(`notifications: ${applied.length === 0 ? 'nothing to migrate' : applied.join(', ')}\n`)
} finally {
  await db.destroy()
}
