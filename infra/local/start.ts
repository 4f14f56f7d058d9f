import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { watchCallers } from '@rollcall/engines/callers'
import { createProgress } from '@rollcall/engines/progress'
import { createRunRecord } from '@rollcall/engines/run-record'
import { MissingPrograms } from '@rollcall/engines/system-packages'
import { BadSetting, readSettings } from '@rollcall/stack/settings'
import { endpointsOf, type Stack } from '@rollcall/stack/stack'
import { checkPorts, takeOver } from './first-checks.ts'
import { startEverything } from './start-everything.ts'
import { dataFolder, endpointsFile, readOrCreateSecrets, runFile } from './state.ts'
import { createSupervisor } from './supervise.ts'
import { welcome } from './welcome.ts'

async function main(): Promise<void> {
  const startedAt = performance.now()
  const settings = readSettings()
  const say = (text: string) => process.stdout.write(text)
  await takeOver(runFile, createProgress(say))
  // Of an earlier run that was killed: whoever finds it takes it for this one's.
  await rm(endpointsFile, { force: true })
  await checkPorts(settings)
  const secrets = readOrCreateSecrets()
  const stack: Stack = { settings, secrets, folder: dataFolder(secrets) }
  const record = createRunRecord(runFile)
  const progress = createProgress(say, record.tell)
  const supervisor = createSupervisor(progress, record.add)
  const stopped = stopOnSignal(async () => {
    progress.say('Stopping ...')
    await rm(endpointsFile, { force: true })
    await supervisor.stop()
    record.remove()
    progress.say('Stopped.')
  })
  try {
    await startEverything({ stack, supervisor, progress })
  } catch (error) {
    // Ctrl-C while starting ends what is being started; that is no failure.
    if (supervisor.isStopping()) return await stopped
    await supervisor.stop()
    record.remove()
    throw error
  }
  writeFileSync(endpointsFile, JSON.stringify(endpointsOf(stack), null, 2), { mode: 0o600 })
  progress.say(welcome(endpointsOf(stack), (performance.now() - startedAt) / 1000))
  await stopped
}

/** Ctrl-C, a closed terminal or `npm run stop`; once: the terminal and npm may both pass the same Ctrl-C on. */
async function stopOnSignal(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
    watchCallers(resolve)
  })
  await stop()
  process.exit(0)
}

main().catch((error: unknown) => {
  const expected = error instanceof BadSetting || error instanceof MissingPrograms
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${expected ? message : `Rollcall could not start: ${message}`}\n`)
  process.exit(1)
})
