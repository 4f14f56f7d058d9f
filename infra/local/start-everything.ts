import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Started } from '@rollcall/engines/engine'
import type { Progress } from '@rollcall/engines/progress'
import { startEngine, waitUntilReady } from '@rollcall/engines/start-engine'
import { ensureSystemPackages } from '@rollcall/engines/system-packages'
import { type Need, type ServiceName, services } from '@rollcall/stack/services'
import { engineParts, gatewayPart, mailboxPart, type Part, type Stack } from '@rollcall/stack/stack'
import { useContainers } from '@rollcall/stack/use-containers'
import { containerEngines } from './containers.ts'
import { applyBuckets, applyMigrations, applyTopics, createDatabases } from './prepare.ts'
import { presentServices, serviceIsReady, startServiceProcess } from './services.ts'
import type { Supervisor } from './supervise.ts'

interface Run {
  stack: Stack
  supervisor: Supervisor
  progress: Progress
}

/**
 * Starts every part as soon as what it needs is there, so that a first start does not wait for its longest download with
 * everything else. Settles when all are ready.
 */
export async function startEverything(run: Run): Promise<void> {
  const { stack, progress } = run
  const inContainers = await useContainers(stack.settings.engines, progress)
  const engines = inContainers ? await containerEngines(stack) : engineParts(stack)
  const parts = [...engines, mailboxPart(stack), gatewayPart(stack)]
  const needs = parts.flatMap(({ engine }) => engine.needs())
  await ensureSystemPackages(needs, progress)

  const started = new Map(parts.map((part) => [part.engine.name, startPart(run, part)]))
  const engine = (name: string) => started.get(name) as Promise<void>
  const databases = engine('postgres').then(() => createDatabases(stack))
  const topics = engine('kafka').then(() => applyTopics(stack))
  const buckets = engine('minio').then(() => applyBuckets(stack))
  const running = presentServices().map((name) => {
    const migrations = databases.then(() => applyMigrations(stack, name))
    const met: Record<Need, Promise<void>> = { migrations, topics, buckets, redis: engine('redis') }
    return Promise.all(services[name].needs.map((need) => met[need])).then(() => startService(run, name))
  })
  await Promise.all([...started.values(), databases, topics, buckets, ...running])
}

async function startPart({ supervisor, progress }: Run, { engine, place }: Part): Promise<void> {
  await engine.ensure(progress)
  await mkdir(place.folder, { recursive: true })
  await progress.step(`starting ${engine.name}`, () =>
    supervisor.run((launched) => startEngine(engine, place, launched)),
  )
}

async function startService({ stack, supervisor, progress }: Run, name: ServiceName): Promise<void> {
  await mkdir(join(stack.folder, name), { recursive: true })
  const start = async (launched: (started: Started) => void): Promise<Started> => {
    const started = await startServiceProcess(stack, name)
    launched(started)
    await waitUntilReady(started, () => serviceIsReady(stack, name))
    return started
  }
  await progress.step(`starting ${name}`, () => supervisor.run(start))
}
