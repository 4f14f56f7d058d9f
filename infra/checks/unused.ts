import { sourceFiles } from './source-files.ts'
import { conclude, ROOT, runTool } from './tool.ts'

const reporters = ['--reporter', 'compact', '--reporter', './infra/checks/knip-reporter.mjs']
const { code, output } = await runTool('knip', ['--no-progress', '--no-config-hints', ...reporters])
const seen = Number(/knip has looked at (\d+) files/.exec(output)?.[1] ?? 0)
conclude('unused', { complaints: code === 0 ? '' : output, seen, expected: sourceFiles(ROOT).length })
