import { sourceFiles } from './source-files.ts'
import { conclude, ROOT, runTool } from './tool.ts'

const { code, output } = await runTool('biome', ['ci', '--colors=off', '.'])
const seen = Number(/Checked (\d+) files?/.exec(output)?.[1] ?? 0)
conclude('format and lint', { complaints: code === 0 ? '' : output, seen, expected: sourceFiles(ROOT).length })
