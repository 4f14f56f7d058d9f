import type { Task } from '../task.ts'

const ACCOUNTS = 'services/users/src/accounts'
const USERS = 'services/users/src/database'
const NOTIFICATIONS = 'services/notifications/src'
const MIGRATION = '20991231T000001Z-organization'

const addColumn = (table: string) => `import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('${table}').addColumn('organization', 'text').execute()
}
`

/** `organization`: given at sign-up, kept, shown, told to other services, and kept by notifications. */
export const sharedField: Task = {
  name: 'a field of the profile, shared with other services',
  mostFiles: 12,
  plant({ write, insert }) {
    write(`${USERS}/migrations/${MIGRATION}.ts`, addColumn('users'))
    write(`${NOTIFICATIONS}/database/migrations/${MIGRATION}.ts`, addColumn('recipients'))
    for (const list of [`${USERS}/migrations.ts`, `${NOTIFICATIONS}/database/migrations.ts`]) {
      insert(list, '\n/** Frozen', `import * as organization from './migrations/${MIGRATION}.ts'\n`)
      insert(list, `}\n`, `  '${MIGRATION}': organization,\n`)
    }
    insert(`${ACCOUNTS}/tables.ts`, '  time_zone: string\n', '  organization: Generated<string | null>\n')
    insert(`${ACCOUNTS}/tables.ts`, '  time_zone: true,\n', '  organization: true,\n')
    insert(
      `${ACCOUNTS}/profile.ts`,
      '  timeZone: timeZoneField',
      '  organization: nullable(textField({ max: 100 })),\n',
    )
    insert(`${ACCOUNTS}/profile.ts`, `  timeZone: 'time_zone',\n`, `  organization: 'organization',\n`)
    insert('packages/contracts/src/users.ts', `  'timeZone',\n`, `  'organization',\n`)
    insert(`${ACCOUNTS}/user-resource.ts`, '    timeZone: z.string(),\n', '    organization: z.string().nullable(),\n')
    insert(`${ACCOUNTS}/user-resource.ts`, '    timeZone: user.time_zone,\n', '    organization: user.organization,\n')
    // Optional: what was published before has none.
    insert(
      'packages/contracts/src/users.ts',
      '    timeZone: z.string(),\n',
      '    organization: z.string().nullable().optional(),\n',
    )
    insert(`${ACCOUNTS}/change-user.ts`, '    timeZone: user.time_zone,\n', '    organization: user.organization,\n')
    insert(`${NOTIFICATIONS}/projections/tables.ts`, '  nickname: string | null\n', '  organization: string | null\n')
    insert(
      `${NOTIFICATIONS}/projections/recipients.ts`,
      '    nickname: data?.nickname ?? null,\n',
      '    organization: data?.organization ?? null,\n',
    )
  },
  shows: {
    source: `
      import { UserSnapshot } from './packages/contracts/src/users.ts'
      import { accountsApi } from './services/users/src/accounts/api.ts'
      import sample from './packages/contracts/fixtures/user.snapshot.v1.json' with { type: 'json' }
      const body = { email: 'ada@example.org', password: 'Correct horse 7!', organization: 'Labs' }
      const { organization } = accountsApi.registerUser.body.parse(body)
      console.log(JSON.stringify(UserSnapshot.schema.parse({ ...sample, organization }).organization))`,
    is: 'Labs',
  },
}
