import { writeFile } from 'node:fs/promises'
import { asyncApiDocument } from './asyncapi.ts'

const file = new URL('../../../docs/api/asyncapi.json', import.meta.url)

await writeFile(file, `${JSON.stringify(asyncApiDocument(), null, 2)}\n`)
