import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import { userColumns } from '../../services/users/src/accounts/tables.ts'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'

/** Adds verified people with the password of the first user there is. Gives their addresses. */
export async function addPeople(db: Kysely<UsersDatabase>, count: number): Promise<string[]> {
  const first = await db
    .selectFrom('users')
    .select(userColumns)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirstOrThrow()
  const rows = Array.from({ length: count }, (_, index) => {
    const email = `storm-${newId()}-${index}@example.org`
    return {
      ...first,
      id: newId(),
      email,
      email_key: email,
      nickname: `storm-${newId()}`,
      role: 'authenticated' as const,
      email_verified: true,
    }
  })
  await db.insertInto('users').values(rows).execute()
  return rows.map(({ email }) => email)
}
