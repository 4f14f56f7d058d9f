import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './tool.ts'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export const STATIC_CHECKS = ['lint', 'types', 'boundaries', 'unused']

/** Runs the checkers by turbo, which repeats a checker only after a file has changed. */
export async function runStaticChecks(): Promise<Counts> {
  const runs = join(ROOT, '.turbo/runs')
  rmSync(runs, { recursive: true, force: true })
  const options = ['--continue', '--summarize', '--output-logs=new-only', '--log-prefix=none', '--no-color']
  await runPnpm(['exec', 'turbo', 'run', ...STATIC_CHECKS, ...options])
  const codes = exitCodes(runs)
  const passed = STATIC_CHECKS.filter((name) => codes.get(`//#${name}`) === 0)
  return { passed: passed.length, failed: STATIC_CHECKS.length - passed.length, skipped: 0 }
}

/** turbo calls pnpm by that name, so it runs below pnpm even where only npm is installed. */
async function runPnpm(args: string[]): Promise<void> {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { packageManager: string }
  const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
  const child = spawn('npx', ['--yes', packageManager, ...args], { cwd: ROOT, stdio: 'inherit', env: environment })
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
}

interface RunSummary {
  tasks: { taskId: string; execution?: { exitCode: number | null }; cache?: { status: string } }[]
}

/** Exit codes as turbo wrote them down; a task that did not run has none. */
function exitCodes(runs: string): Map<string, number> {
  const codes = new Map<string, number>()
  for (const name of readSummaries(runs)) {
    const { tasks } = JSON.parse(readFileSync(join(runs, name), 'utf8')) as RunSummary
    for (const { taskId, execution } of tasks) {
      const code = execution?.exitCode
      if (code !== undefined && code !== null) codes.set(taskId, code)
    }
  }
  return codes
}

function readSummaries(runs: string): string[] {
  try {
    return readdirSync(runs).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}
