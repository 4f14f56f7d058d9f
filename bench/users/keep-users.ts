import { writeFile } from 'node:fs/promises'
import { measureLists } from './lists.ts'
import { measureRevocation } from './revocation.ts'
import { measureStorm } from './storm.ts'

const chapters: Record<string, () => Promise<{ lines: string[]; missed: string[] }>> = {
  'A storm of sign-ins': measureStorm,
  'Until a token counts no longer': measureRevocation,
  'Lists of a million': measureLists,
}

/** Writes what accounts cost at their most. Gives what missed its aim. */
export async function keepUsers(page: URL): Promise<string[]> {
  const text = ['# Users', '', 'Written by `npm run bench -- users`.', '']
  const allMissed: string[] = []
  for (const [title, measure] of Object.entries(chapters)) {
    const { lines, missed } = await measure()
    const chapter = [`## ${title}`, '', ...lines, '']
    process.stdout.write(`${chapter.join('\n')}\n`)
    text.push(...chapter)
    allMissed.push(...missed)
  }
  await writeFile(page, text.join('\n'))
  return allMissed
}
