import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { presentServices, serviceEnvironment } from './services.ts'
import { ROOT, readSettings } from './settings.ts'
import { dataFolder, readOrCreateSecrets } from './state.ts'

/** `admin create` is `services/<service>/src/commands/admin-create.ts` of whichever service has it. */
function findCommand([noun, verb]: string[]) {
  for (const service of presentServices()) {
    const file = join(ROOT, 'services', service, 'src/commands', `${noun}-${verb}.ts`)
    if (existsSync(file)) return { service, file }
  }
  return undefined
}

const [noun = '', verb = '', ...rest] = process.argv.slice(2)
const found = findCommand([noun, verb])
if (!found) {
  process.stderr.write(`There is no command "${noun} ${verb}".\n`)
  process.exit(1)
}
const secrets = readOrCreateSecrets()
const stack = { settings: readSettings(), secrets, folder: dataFolder(secrets) }
// With the settings of the service that it belongs to, as if the service ran it.
const environment = serviceEnvironment(stack, found.service)
const child = spawn(process.execPath, [found.file, ...rest], { stdio: 'inherit', env: environment })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
