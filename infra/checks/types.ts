import { sourceFiles } from './source-files.ts'
import { conclude, ROOT, runTool } from './tool.ts'

const { code, output } = await runTool('tsc', ['--listFiles', '--pretty', 'false'])
const lines = output.split('\n')
const listed = new Set(lines.filter((line) => line.startsWith(`${ROOT}/`)))
const complaints = lines.filter((line) => line.trim() !== '' && !line.startsWith('/')).join('\n')
const expected = sourceFiles(ROOT)
const seen = expected.filter((file) => listed.has(`${ROOT}/${file}`)).length
conclude('types', { complaints: code === 0 ? '' : complaints || output, seen, expected: expected.length })
