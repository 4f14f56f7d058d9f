import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, openSync } from 'node:fs'
import type { Started } from './engine.ts'
import type { Account } from './system-account.ts'

export interface Launch {
  name: string
  command: string
  args: string[]
  logFile: string
  environment?: NodeJS.ProcessEnv
  workingFolder?: string
  /** Runs as this account; only root can ask for another than its own. */
  account?: Account | undefined
  /** What the process understands as "finish and end". Default: SIGTERM. */
  stopSignal?: NodeJS.Signals
  /** Milliseconds that it has for that. Default: 28 000, a little above what a service allows itself. */
  stopWithinMs?: number
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only the one who started it, who then
 * ends everything in order.
 *
 * @throws when the program is not there or cannot be started.
 */
export async function launch(launch: Launch): Promise<Started> {
  const child = await spawnInto(launch)
  const pid = child.pid as number
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const { name, logFile, stopSignal = 'SIGTERM', stopWithinMs = 28_000 } = launch

  async function stop(): Promise<void> {
    if (hasEnded()) return
    child.kill(stopSignal)
    const impatience = setTimeout(() => killGroup(pid), stopWithinMs)
    await ended
    clearTimeout(impatience)
  }
  return { name, pid, logFile, ended, hasEnded, stop }
}

async function spawnInto({
  command,
  args,
  logFile,
  environment,
  workingFolder,
  account,
}: Launch): Promise<ChildProcess> {
  const log = openSync(logFile, 'a')
  if (account) chownSync(logFile, account.uid, account.gid)
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      ...(environment ? { env: environment } : {}),
      ...(workingFolder ? { cwd: workingFolder } : {}),
      ...(account ?? {}),
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    return child
  } finally {
    closeSync(log)
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended between the question and the signal.
  }
}
