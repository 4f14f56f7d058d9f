import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { documents } from './documents.ts'

const FOLDER = join(import.meta.dirname, '../../docs/api')

await mkdir(FOLDER, { recursive: true })
for (const [name, text] of Object.entries(await documents())) {
  await writeFile(join(FOLDER, name), text)
  process.stdout.write(`wrote docs/api/${name}\n`)
}
