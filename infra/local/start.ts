import { writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { watchCallers } from './callers.ts'
import { containerEngines, useContainers } from './containers.ts'
import type { Started } from './engines/engine.ts'
import { checkPorts, takeOver } from './first-checks.ts'
import { applySchemas, createDatabases } from './prepare.ts'
import { createProgress, type Progress } from './progress.ts'
import { createRunRecord } from './run-record.ts'
import { presentServices, type ServiceName, serviceIsReady, startServiceProcess } from './services.ts'
import { BadSetting, readSettings } from './settings.ts'
import { endpointsOf, engineParts, gatewayPart, mailboxPart, type Part, type Stack } from './stack.ts'
import { ensureEngines, startEngine, waitUntilReady } from './start-engine.ts'
import { dataFolder, endpointsFile, readOrCreateSecrets, runFile } from './state.ts'
import { createSupervisor, type Supervisor } from './supervise.ts'
import { MissingPrograms } from './system-packages.ts'
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
    await startEverything(stack, supervisor, progress)
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

async function startEverything(stack: Stack, supervisor: Supervisor, progress: Progress): Promise<void> {
  const inContainers = await useContainers(stack.settings.engines, progress)
  const own = [mailboxPart(stack), gatewayPart(stack)]
  const engines = inContainers ? await containerEngines(stack) : engineParts(stack)
  await ensureEngines(
    [...engines, ...own].map(({ engine }) => engine),
    progress,
  )
  for (const { place } of [...engines, ...own]) await mkdir(place.folder, { recursive: true })
  await progress.step('starting PostgreSQL, Redis, Kafka and MinIO', () => startAll(engines, supervisor))
  await progress.step('applying migrations, topics and buckets', async () => {
    await createDatabases(stack)
    await applySchemas(stack)
  })
  await progress.step('starting the services, the mailbox and the gateway', () =>
    Promise.all([startAll(own, supervisor), startServices(stack, supervisor)]),
  )
}

async function startAll(parts: Part[], supervisor: Supervisor): Promise<void> {
  await Promise.all(
    parts.map(({ engine, place }) => supervisor.run((launched) => startEngine(engine, place, launched))),
  )
}

async function startServices(stack: Stack, supervisor: Supervisor): Promise<void> {
  const start = async (name: ServiceName, launched: (started: Started) => void): Promise<Started> => {
    const started = await startServiceProcess(stack, name)
    launched(started)
    await waitUntilReady(started, () => serviceIsReady(stack, name))
    return started
  }
  await Promise.all(
    presentServices().map(async (name) => {
      await mkdir(join(stack.folder, name), { recursive: true })
      await supervisor.run((launched) => start(name, launched))
    }),
  )
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
