import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runTool } from './tool.ts'

const RULE = 'list-columns.grit'
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-rules-'))
  copyFileSync(join(import.meta.dirname, 'rules', RULE), join(root, RULE))
  writeFileSync(join(root, 'biome.json'), JSON.stringify({ plugins: [`./${RULE}`] }))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it.each([
  ['a service', 'services/events/src/events/queries.ts', 1],
  ['a package', 'packages/outbox/src/queries.ts', 1],
  ['a test, which asks once', 'services/events/src/events/events.int.test.ts', 0],
  ['the world of a test', 'services/events/test/rows.ts', 0],
  ['the whole system’s tests', 'e2e/invariants.ts', 0],
])('asks for the columns’ names in %s, or does not', async (_, file, code) => {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, "export const all = (db) => db.selectFrom('events').selectAll().where('id', '=', '').execute()\n")
  const result = await runTool('biome', ['lint', '--colors=off', '.'], root)
  expect(result).toMatchObject({ code, output: expect.stringContaining(code ? 'Name the columns' : 'Checked') })
})
