import { createProgress } from '@rollcall/engines/progress'
import { startRun } from '@rollcall/test-stack/engines'
import { existingValues } from './interop/existing-values.ts'
import { readFacts, verifyTokens } from './interop/foreign-readers.ts'
import { verifyByExpress, verifyByJose } from './interop/javascript-libraries.ts'
import { type Outcome, printOutcome } from './interop/outcome.ts'
import { ensurePythonTools } from './interop/python.ts'
import { runSchemathesis } from './interop/schemathesis.ts'
import { join, signIn } from './person.ts'
import { type System, startSystem } from './system.ts'

/** Operations that end the session they are called with come last, on a session of their own. */
const ending = ['logout', 'logoutEverywhere', 'endSession']
/** Ends the account itself, which others need. */
const NEVER = 'deleteOwnAccount'
const ENDING = ending.flatMap((id) => ['--include-operation-id', id])
const OTHERS = [...ending, NEVER].flatMap((id) => ['--exclude-operation-id', id])

const progress = createProgress((text) => process.stderr.write(text))

/** Foreign tools against a system of its own, so that what they leave behind is nobody's. */
async function checkAll(python: string, system: System): Promise<Outcome[]> {
  const admin = await join(system)
  const person = await join(system)
  const outcomes = [
    await verifyTokens(python, system, admin),
    await verifyByJose(system, admin),
    await verifyByExpress(system, admin),
    await readFacts(python, system, [admin, person]),
  ]
  const dictionaries = await existingValues(system, { admin, person })
  const { token } = await signIn(system, admin.email)
  const runs = [
    { who: 'as an admin', token: admin.token, selection: OTHERS },
    { who: 'as a stranger', selection: OTHERS },
    { who: 'signing out', token, selection: ENDING },
  ]
  for (const run of runs) {
    const work = () => runSchemathesis({ python, url: system.publicUrl, dictionaries, ...run })
    outcomes.push(...(await progress.step(`schemathesis ${run.who}`, work)))
  }
  return outcomes
}

async function main(): Promise<void> {
  const python = await ensurePythonTools(progress)
  const run = await startRun()
  try {
    const system = await startSystem({}, run.engines)
    const outcomes = await checkAll(python, system).finally(() => system.stop())
    for (const outcome of outcomes) printOutcome(outcome)
    const failed = outcomes.filter(({ passed }) => !passed).length
    process.stdout.write(`${outcomes.length - failed} checks hold, ${failed} fail\n`)
    if (failed > 0) process.exitCode = 1
  } finally {
    await run.stop()
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
