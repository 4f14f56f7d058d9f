import { createProgress } from '@rollcall/engines/progress'
import { cases } from './cases.ts'
import { endAll } from './npm.ts'
import { readOptions } from './options.ts'
import { type Outcome, runCase } from './run-case.ts'

const write = (text: string) => process.stdout.write(text)
const progress = createProgress(write)

function listCases(): void {
  for (const { name, what, slow } of cases) write(`${name.padEnd(25)}${what}${slow ? ' (only when asked for)' : ''}\n`)
}

function printTable(outcomes: Outcome[]): void {
  for (const { name, problem } of outcomes) if (problem) write(`\n${name}: ${problem}\n`)
  write(`\n${'case'.padEnd(25)}${'command'.padEnd(12)}${'seconds'.padStart(8)}  outcome\n`)
  for (const { name, command, seconds, problem } of outcomes) {
    const columns = [name.padEnd(25), `npm ${command}`.padEnd(12), seconds.toFixed(0).padStart(8)]
    write(`${columns.join('')}  ${problem ? 'failed' : 'works'}\n`)
  }
}

async function main(): Promise<void> {
  const { list, chosen, commands } = readOptions(process.argv.slice(2))
  if (list) return listCases()
  write('Clones of what is committed; what is not, is not proven.\n')
  let interrupted = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interrupted = true
      endAll()
    })
  }
  const outcomes: Outcome[] = []
  for (const proofCase of chosen) {
    for (const command of commands) {
      if (interrupted) continue
      const title = `${proofCase.name}: npm ${command}, ${proofCase.what}`
      outcomes.push(await progress.step(title, () => runCase(proofCase, command)))
    }
  }
  printTable(outcomes)
  if (outcomes.some(({ problem }) => problem)) process.exitCode = 1
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
