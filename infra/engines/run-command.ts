import { type ChildProcess, execFile } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Account } from './system-account.ts'

export interface Command {
  command: string
  args: string[]
  environment?: NodeJS.ProcessEnv
  workingFolder?: string
  account?: Account | undefined
  /** Milliseconds that it may take; as long as it likes unless told. */
  timeoutMs?: number
  /** Hears every line of the error stream, where programs tell what they are at. */
  onNotice?: (line: string) => void
}

/** What this process waits for: ended with it, or a long build would go on for nobody. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill()
})

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws with the end of what it printed when it fails.
 */
export async function runCommand({ command, args, onNotice, ...wanted }: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, optionsOf(wanted), (error, stdout, stderr) => {
      running.delete(child)
      if (!error) return resolve(stdout)
      const end = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n')
      reject(new Error(`${command} ${args[0] ?? ''} failed\n${end}`, { cause: error }))
    })
    running.add(child)
    if (onNotice && child.stderr) createInterface(child.stderr).on('line', onNotice)
  })
}

function optionsOf({ environment, workingFolder, account, timeoutMs }: Omit<Command, 'command' | 'args'>) {
  return {
    encoding: 'utf8' as const,
    maxBuffer: 64 * 1024 * 1024,
    ...(environment ? { env: environment } : {}),
    ...(workingFolder ? { cwd: workingFolder } : {}),
    ...(account ?? {}),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
  }
}
