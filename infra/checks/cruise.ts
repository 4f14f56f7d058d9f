import { join } from 'node:path'
import { CODE_FOLDERS, sourceFiles } from './source-files.ts'
import { ROOT, runTool, type Verdict } from './tool.ts'

interface CruiseOutput {
  modules: { source: string }[]
  summary: { violations: { from: string; to: string; rule: { name: string } }[] }
}

/**
 * Checks who imports whom below `root`, by the rules of `.dependency-cruiser.mjs`. Without a parser that knows
 * TypeScript, dependency-cruiser examines nothing and reports success; `seen` tells.
 */
export async function cruise(root: string): Promise<Verdict> {
  const expected = sourceFiles(root)
  const present = CODE_FOLDERS.filter((folder) => expected.some((file) => file.startsWith(`${folder}/`)))
  const config = join(ROOT, '.dependency-cruiser.mjs')
  const { output, stdout } = await runTool('depcruise', ['--config', config, '--output-type', 'json', ...present], root)
  const start = stdout.indexOf('{')
  if (start === -1)
    return { complaints: output || 'dependency-cruiser said nothing', seen: 0, expected: expected.length }
  const { modules, summary } = JSON.parse(stdout.slice(start)) as CruiseOutput
  const examined = new Set(modules.map(({ source }) => source))
  const complaints = summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)
  return {
    complaints: complaints.join('\n'),
    seen: expected.filter((file) => examined.has(file)).length,
    expected: expected.length,
  }
}
