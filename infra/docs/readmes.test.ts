import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

interface Excerpt {
  readme: string
  /** As the link above it says; missing where there is none. */
  source: string | undefined
  code: string
}

function excerptsOf(readme: string): Excerpt[] {
  const text = readFileSync(join(ROOT, readme), 'utf8')
  const blocks = text.matchAll(/(?:\]\(([^)\s]+)\):\n\n)?```(?:ts|js|json)\n(.*?)\n```/gs)
  return [...blocks].map(([, source, code = '']) => ({ readme, source, code }))
}

const withoutIndent = (text: string) => text.replace(/^ +/gm, '')

const readmes = globSync('{.,packages/*,services/*,infra/*,bench,e2e}/README.md', { cwd: ROOT })
const excerpts = readmes.flatMap(excerptsOf)

it('looks at the READMEs of the workspace, and finds code in them', () => {
  expect(readmes.length).toBeGreaterThan(15)
  expect(excerpts.length).toBeGreaterThan(10)
})

it.each(excerpts)('shows in $readme code of $source, which compiles and runs', ({ readme, source, code }) => {
  expect(source).toBeDefined()
  const file = join(ROOT, dirname(readme), source ?? '')
  expect(withoutIndent(readFileSync(file, 'utf8'))).toContain(withoutIndent(code))
})
