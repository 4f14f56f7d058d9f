import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asyncApiDocument } from '@rollcall/contracts/asyncapi'
import { openApiDocument } from './openapi.ts'

const FOLDER = join(import.meta.dirname, '../../docs/api')

const documents = { 'openapi.json': openApiDocument(), 'asyncapi.json': asyncApiDocument() }
await mkdir(FOLDER, { recursive: true })
for (const [name, document] of Object.entries(documents)) {
  await writeFile(join(FOLDER, name), `${JSON.stringify(document, null, 2)}\n`)
  process.stdout.write(`wrote docs/api/${name}\n`)
}
