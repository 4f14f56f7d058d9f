import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Command, CommandContext } from './command.ts'
import { matchCommand } from './match-command.ts'

/** What a person did wrong, or what refused them: shown as it is, without a stack. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused'
}

type Io = Omit<CommandContext<unknown>, 'values'>

/**
 * Runs the command that `words` begin with.
 *
 * @throws {CommandRefused} for an unknown command, or options that do not fit
 */
export async function runCommand(commands: Map<string, string>, words: string[], io: Io): Promise<void> {
  const name = matchCommand(commands.keys(), words)
  const file = name === undefined ? undefined : commands.get(name)
  if (name === undefined || file === undefined) throw new CommandRefused(await listCommands(commands))
  const command = await loadCommand(file)
  const values = parseValues(command, words.slice(name.split(' ').length))
  await command.run({ ...io, values })
}

function parseValues(command: Command, args: string[]): unknown {
  const { values } = readOptions(command, args)
  const result = command.values.safeParse({ ...values })
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `  --${issue.path.join('.')}: ${issue.message}`)
  throw new CommandRefused(`usage: rollcall ${command.usage}\n${problems.join('\n')}`)
}

function readOptions(command: Command, args: string[]) {
  try {
    return parseArgs({ args, options: command.options, strict: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandRefused(`usage: rollcall ${command.usage}\n  ${reason}`)
  }
}

async function loadCommand(file: string): Promise<Command> {
  const module: { default: Command } = await import(pathToFileURL(file).href)
  return module.default
}

async function listCommands(commands: Map<string, string>): Promise<string> {
  const lines = await Promise.all(
    [...commands].map(async ([name, file]) => `  ${name.padEnd(24)}${(await loadCommand(file)).summary}`),
  )
  return `usage: rollcall COMMAND [options]\n${lines.join('\n')}`
}

/** What to tell a person about a failure. */
export function describeFailure(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error)
  return error instanceof Error ? error.message : String(error)
}
