import { writeFile } from 'node:fs/promises'
import { measureLists } from './lists.ts'
import { measureRevocation } from './revocation.ts'
import { measureStorm } from './storm.ts'

/** Writes what accounts cost at their most. Gives what missed its aim. */
export async function keepUsers(page: URL): Promise<string[]> {
  const storm = await measureStorm()
  const revocation = await measureRevocation()
  const lists = await measureLists()
  const chapters = {
    'A storm of sign-ins': storm,
    'Until a token counts no longer': revocation,
    'Lists of a million': lists,
  }
  const text = Object.entries(chapters).flatMap(([title, { lines }]) => [`## ${title}`, '', ...lines, ''])
  await writeFile(page, ['# Users', '', 'Written by `npm run bench -- users`.', '', ...text].join('\n'))
  return [storm, revocation, lists].flatMap(({ missed }) => missed)
}
