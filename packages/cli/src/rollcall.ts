import path from 'node:path'
import { text } from 'node:stream/consumers'
import { askSecret } from './ask-secret.ts'
import { findCommands } from './find-commands.ts'
import { describeFailure, runCommand } from './run-command.ts'

const root = path.resolve(import.meta.dirname, '../../..')

try {
  await runCommand(await findCommands(root), process.argv.slice(2), {
    // biome-ignore lint/style/noProcessEnv: this file is the entry of a process
    environment: process.env,
    readStdin: () => text(process.stdin),
    askSecret,
    print: (line) => void process.stdout.write(`${line}\n`),
  })
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exitCode = 1
}
