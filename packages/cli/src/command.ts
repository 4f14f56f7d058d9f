import type { ParseArgsOptionsConfig } from 'node:util'
import type { z } from 'zod'

export interface CommandContext<Values> {
  values: Values
  environment: Record<string, string | undefined>
  readStdin(): Promise<string>
  /** Asks at the terminal for what must not be seen. @throws where there is no terminal */
  askSecret(question: string): Promise<string>
  print(line: string): void
}

export interface Command<Values = unknown> {
  /** What it does, for the list of commands. */
  summary: string
  usage: string
  options: ParseArgsOptionsConfig
  /** Checks what the options hold. */
  values: z.ZodType<Values>
  /** Failures are thrown; their messages are shown. */
  run(context: CommandContext<Values>): Promise<void>
}

/** Exists for its types: `run` gets what `values` gives. */
export function defineCommand<Values>(command: Command<Values>): Command<Values> {
  return command
}
