import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, readSecrets } from './state.ts'

const LINES_BEFORE = '40'

function logFiles(): Map<string, string> {
  const secrets = readSecrets()
  const folder = secrets ? dataFolder(secrets) : undefined
  if (!folder || !existsSync(folder)) return new Map()
  const names = readdirSync(folder).sort()
  return new Map(
    names.map((name) => [name, join(folder, name, `${name}.log`)] as const).filter(([, file]) => existsSync(file)),
  )
}

const found = logFiles()
const wanted = process.argv[2]
if (found.size === 0) {
  process.stderr.write('There are no logs: Rollcall has not been started here.\n')
  process.exit(1)
}
if (wanted && !found.has(wanted)) {
  process.stderr.write(`There is no log of ${wanted}; there are: ${[...found.keys()].join(', ')}.\n`)
  process.exit(1)
}
// Follows like `tail`, until Ctrl-C.
const files = wanted ? [found.get(wanted) as string] : [...found.values()]
const tail = spawn('tail', ['-n', LINES_BEFORE, '-F', ...files], { stdio: ['ignore', 'inherit', 'inherit'] })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tail.kill(signal))
