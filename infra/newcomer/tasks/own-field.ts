import type { Task } from '../task.ts'

const ACCOUNTS = 'services/users/src/accounts'
const DATABASE = 'services/users/src/database'
const MIGRATION = '20991231T000000Z-pronouns'

/** `pronouns`: given at sign-up or later, kept, told as a changed field, and shown to their owner. */
export const ownField: Task = {
  name: 'a field of the profile, own to users',
  mostFiles: 6,
  plant({ write, insert }) {
    write(
      `${DATABASE}/migrations/${MIGRATION}.ts`,
      `import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').addColumn('pronouns', 'text').execute()
}
`,
    )
    insert(`${DATABASE}/migrations.ts`, '\n/** Frozen', `import * as pronouns from './migrations/${MIGRATION}.ts'\n`)
    insert(`${DATABASE}/migrations.ts`, `}\n`, `  '${MIGRATION}': pronouns,\n`)
    insert(`${ACCOUNTS}/tables.ts`, '  locale: string\n', '  pronouns: Generated<string | null>\n')
    insert(`${ACCOUNTS}/tables.ts`, '  locale: true,\n', '  pronouns: true,\n')
    insert(`${ACCOUNTS}/profile.ts`, '  locale: z.enum', '  pronouns: nullable(textField({ max: 40 })),\n')
    insert(`${ACCOUNTS}/profile.ts`, `  locale: 'locale',\n`, `  pronouns: 'pronouns',\n`)
    insert('packages/contracts/src/users.ts', `  'locale',\n`, `  'pronouns',\n`)
    insert(`${ACCOUNTS}/user-resource.ts`, '    locale: z.string(),\n', '    pronouns: z.string().nullable(),\n')
    insert(`${ACCOUNTS}/user-resource.ts`, '    locale: user.locale,\n', '    pronouns: user.pronouns,\n')
  },
  shows: {
    source: `
      import { accountsApi } from './services/users/src/accounts/api.ts'
      import { toUserResource } from './services/users/src/accounts/user-resource.ts'
      const body = { email: 'ada@example.org', password: 'Correct horse 7!', pronouns: 'she/her' }
      const { pronouns } = accountsApi.registerUser.body.parse(body)
      const now = new Date()
      const shown = toUserResource({ pronouns, created_at: now, updated_at: now }, { kind: 'owner' })
      console.log(JSON.stringify([shown.pronouns, 'pronouns' in accountsApi.getMe.answers[200].schema.shape]))`,
    is: ['she/her', true],
  },
}
