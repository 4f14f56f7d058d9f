import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export const ROOT = join(import.meta.dirname, '../..')

export interface ToolResult {
  code: number
  /** What it printed, without colours, which some print whatever they are told. */
  output: string
  /** Its share of the output stream alone: what a machine is to read. */
  stdout: string
}

/** Runs a tool of the workspace to its end, without what a terminal of this user would want. */
export async function runTool(name: string, args: string[], folder: string = ROOT): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const { FORCE_COLOR: _force, CLICOLOR_FORCE: _clicolor, ...environment } = process.env
    const env = { ...environment, NO_COLOR: '1', LC_ALL: 'C.UTF-8' }
    const options = { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }
    const child = spawn(join(ROOT, 'node_modules/.bin', name), args, options)
    let [output, stdout] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      const [all, machine] = [output, stdout].map(stripVTControlCharacters) as [string, string]
      resolve({ code: code ?? 1, output: all, stdout: machine })
    })
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
