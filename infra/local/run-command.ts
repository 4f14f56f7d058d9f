import { execFile } from 'node:child_process'
import type { Account } from './system-account.ts'

export interface Command {
  command: string
  args: string[]
  environment?: NodeJS.ProcessEnv
  workingFolder?: string
  account?: Account | undefined
  /** Milliseconds that it may take; as long as it likes unless told. */
  timeoutMs?: number
}

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws with the end of what it printed when it fails.
 */
export async function runCommand({
  command,
  args,
  environment,
  workingFolder,
  account,
  timeoutMs,
}: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      encoding: 'utf8' as const,
      maxBuffer: 64 * 1024 * 1024,
      ...(environment ? { env: environment } : {}),
      ...(workingFolder ? { cwd: workingFolder } : {}),
      ...(account ?? {}),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
    }
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const end = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n')
      reject(new Error(`${command} ${args[0] ?? ''} failed\n${end}`, { cause: error }))
    })
  })
}
