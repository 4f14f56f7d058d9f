import { spawn } from 'node:child_process'
import { join, relative, sep } from 'node:path'
import { findCommands } from '@rollcall/cli/find-commands'
import { matchCommand } from '@rollcall/cli/match-command'
import { ROOT } from '@rollcall/engines/workspace'
import { type ServiceName, serviceNames } from '@rollcall/stack/services'
import { readSettings } from '@rollcall/stack/settings'
import { localEnvironment } from './services.ts'
import { dataFolder, readOrCreateSecrets } from './state.ts'

/** The service that declares the command that these words begin with. */
async function ownerOf(words: string[]): Promise<ServiceName | undefined> {
  const commands = await findCommands(ROOT)
  const file = commands.get(matchCommand(commands.keys(), words) ?? '')
  if (file === undefined) return undefined
  return serviceNames.find((name) => name === relative(join(ROOT, 'services'), file).split(sep)[0])
}

const words = process.argv.slice(2)
const owner = await ownerOf(words)
const secrets = readOrCreateSecrets()
const stack = { settings: readSettings(), secrets, folder: dataFolder(secrets) }
// With the settings of the service that it belongs to, as if the service ran it.
const environment = owner ? localEnvironment(stack, owner) : process.env
const program = join(ROOT, 'packages/cli/src/rollcall.ts')
const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit', env: environment })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
