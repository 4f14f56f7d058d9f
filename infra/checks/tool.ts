import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

export interface ToolResult {
  code: number
  output: string
}

/** Runs a tool of the workspace to its end. */
export async function runTool(name: string, args: string[], folder: string = ROOT): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, 'node_modules/.bin', name), args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

export interface Verdict {
  /** What the tool found wrong, as it says it; empty when all is well. */
  complaints: string
  /** Files that it looked at. */
  seen: number
  /** Files that it had to look at. */
  expected: number
}

/** Prints the verdict and sets the exit code: a checker that looked at too little has failed, whatever it says. */
export function conclude(what: string, { complaints, seen, expected }: Verdict): void {
  const print = (line: string) => process.stdout.write(`${line}\n`)
  if (complaints) print(complaints.trimEnd())
  const lookedAtAll = expected > 0 && seen >= expected
  if (!lookedAtAll) print(`${what}: looked at ${seen} files, but there are ${expected}`)
  if (complaints || !lookedAtAll) process.exitCode = 1
  else print(`${what}: ${seen} files, nothing to complain about`)
}
