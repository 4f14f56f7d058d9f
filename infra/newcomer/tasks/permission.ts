import type { Task } from '../task.ts'

const ACCESS = 'packages/access/src'
const ROLES = 'services/users/src/roles/api.ts'

/** Managers may change the roles of those below them, too. */
export const permission: Task = {
  name: 'a permission that an operation asks for',
  mostFiles: 3,
  plant({ insert, replace }) {
    insert(
      `${ACCESS}/permissions.ts`,
      `  'users.change-role':`,
      `  'users.promote': { manager: 'below', admin: 'all' },\n`,
    )
    insert(
      `${ACCESS}/permissions.test.ts`,
      `  'users.change-role':`,
      `  'users.promote': [undefined, undefined, undefined, 'below', 'all'],\n`,
    )
    replace(ROLES, `permission: 'users.change-role'`, `permission: 'users.promote'`)
  },
  shows: {
    source: `
      import { scopeOf } from './packages/access/src/permissions.ts'
      import { rolesApi } from './services/users/src/roles/api.ts'
      const reach = (role) => scopeOf(rolesApi.changeRole.permission, { role }) ?? 'none'
      console.log(JSON.stringify(['organizer', 'manager', 'admin'].map(reach)))`,
    is: ['none', 'below', 'all'],
  },
  heldBy: [`${ACCESS}/permissions.test.ts`],
}
