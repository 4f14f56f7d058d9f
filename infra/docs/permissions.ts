import { isOpen, scopeOf } from '@rollcall/access/permissions'
import { everyApi } from './openapi.ts'

const none = { professional: false, operator: false }

const columns = [
  ['nobody signed in', undefined],
  ['authenticated', { ...none, role: 'authenticated' }],
  ['organizer', { ...none, role: 'organizer' }],
  ['professional', { ...none, role: 'authenticated', professional: true }],
  ['manager', { ...none, role: 'manager' }],
  ['admin', { ...none, role: 'admin' }],
  ['operator', { ...none, role: 'authenticated', operator: true }],
] as const

/** Who may use which operation, for people to read: from the table that decides it. */
export async function permissionsPage(): Promise<string> {
  const rows = (await everyApi()).flatMap((api) =>
    Object.values(api).map(({ method, path, permission }) => {
      const may = columns.map(([, caller]) => {
        if (!caller && !isOpen(permission)) return '–'
        return permission === 'public' ? 'yes' : (scopeOf(permission, caller) ?? '–')
      })
      return `| \`${method.toUpperCase()} ${path}\` | \`${permission}\` | ${may.join(' | ')} |`
    }),
  )
  const names = columns.map(([name]) => name)
  return `# Who may what

Written by \`npm run docs\` from the operations that are served and the table of permissions (\`packages/access\`). *own*: what is one's
own. *below*: people whose role is below manager, and what is theirs. *all*: everybody's. –: 401 for nobody, 403 for others.

| operation | permission | ${names.join(' | ')} |
| --- | --- | ${names.map(() => '---').join(' | ')} |
${rows.join('\n')}
`
}
