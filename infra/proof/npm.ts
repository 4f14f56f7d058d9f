import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import type { Clone } from './clone.ts'

export interface Npm {
  /** What it has printed so far, both streams. */
  output(): string
  /** The last line of its standard output: npm itself may have more to say on the other stream. */
  lastLine(): string
  hasEnded(): boolean
  /** Its exit code; -1 where a signal has ended it. */
  ended: Promise<number>
  /** Ends what is left of it: the processes of its own group, and no other. */
  kill(): void
}

const running = new Set<ChildProcess>()

/** Asks everything that was started here, and nothing else, to end; whoever waits for it then fails and clears up. */
export function endAll(): void {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGTERM')
}

/** Starts `npm <args>` in the clone as the case's person would, in a terminal where the case has one. */
export function npm({ folder, environment, account }: Clone, args: string[], terminal = false): Npm {
  const [command, commandArgs] = terminal
    ? ['script', ['--quiet', '--flush', '--return', '--command', `npm ${args.join(' ')}`, '/dev/null']]
    : ['npm', args]
  const child = spawn(command as string, commandArgs as string[], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(account ?? {}),
  })
  running.add(child)
  let output = ''
  let standardOutput = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (stream === child.stdout) standardOutput += chunk
    })
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.once('exit', () => running.delete(child))
    child.once('error', reject).once('close', (code) => resolve(code ?? -1))
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const kill = () => {
    if (child.pid === undefined || hasEnded()) return
    process.kill(-child.pid, 'SIGKILL')
  }
  const lastLine = () => stripVTControlCharacters(standardOutput).trimEnd().split('\n').at(-1)?.trim() ?? ''
  return { output: () => output, lastLine, hasEnded, ended, kill }
}

/** @throws with the end of its output where it fails or takes longer than `withinMs`. */
export async function succeed(what: string, running: Npm, withinMs: number): Promise<void> {
  const code = await Promise.race([running.ended, sleep(withinMs, undefined, { ref: false })])
  if (code === 0) return
  running.kill()
  throw new Error(`${what} ${code === undefined ? 'took too long' : `ended with ${code}`}\n${endOf(running)}`)
}

/** @throws with the end of its output where it ends before it has printed `text`, or does not within `withinMs`. */
export async function untilPrinted(text: string, running: Npm, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!running.output().includes(text)) {
    if (running.hasEnded() || performance.now() > deadline) throw new Error(`no "${text}"\n${endOf(running)}`)
    await sleep(100)
  }
}

/** The last lines, and where all of them are: the clone goes, its reasons stay. */
function endOf({ output }: Npm): string {
  const file = join(tmpdir(), `rollcall-proof-${process.pid}-${Date.now()}.log`)
  writeFileSync(file, output())
  return `${output().trimEnd().split('\n').slice(-25).join('\n')}\nall of its output: ${file}`
}
