import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CommandRefused } from './run-command.ts'

/**
 * Asks at the terminal, and shows nothing of what is typed.
 *
 * @throws {CommandRefused} where there is no terminal to type at, or the input ends before a line does
 */
export async function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) throw new CommandRefused(`${question}: there is no terminal to ask at`)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: stdin, output: nowhere, terminal: true })
  // Only now: what is typed before somebody listens would be shown, or lost.
  stderr.write(`${question}: `)
  const ended = new Promise<never>((_, reject) => {
    terminal.once('close', () => reject(new CommandRefused('nothing was typed')))
  })
  try {
    return await Promise.race([terminal.question(''), ended])
  } finally {
    terminal.close()
    stderr.write('\n')
  }
}
