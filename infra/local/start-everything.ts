import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Started } from '@rollcall/engines/engine'
import type { Progress } from '@rollcall/engines/progress'
import { startEngine, waitUntilReady } from '@rollcall/engines/start-engine'
import { ensureSystemPackages } from '@rollcall/engines/system-packages'
import { type ServiceName, services } from '@rollcall/stack/services'
import { engineParts, gatewayPart, mailboxPart, type Part, type Stack } from '@rollcall/stack/stack'
import { useContainers } from '@rollcall/stack/use-containers'
import { containerEngines } from './containers.ts'
import { applyBuckets, applyMigrations, applyTopics, createDatabases } from './prepare.ts'
import { runInOrder, type Step } from './run-in-order.ts'
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
  await ensureSystemPackages(
    parts.flatMap(({ engine }) => engine.needs()),
    progress,
  )
  await runInOrder(new Map([...partSteps(run, parts), ...preparationSteps(stack), ...serviceSteps(run)]))
}

const migrationsOf = (name: ServiceName) => `migrations of ${name}`

function partSteps(run: Run, parts: Part[]): [string, Step][] {
  return parts.map((part) => [part.engine.name, { needs: [], run: () => startPart(run, part) }])
}

function preparationSteps(stack: Stack): [string, Step][] {
  const migrations = presentServices().map((name): [string, Step] => [
    migrationsOf(name),
    { needs: ['databases'], run: () => applyMigrations(stack, name) },
  ])
  return [
    ['databases', { needs: ['postgres'], run: () => createDatabases(stack) }],
    ['topics', { needs: ['kafka'], run: () => applyTopics(stack) }],
    ['buckets', { needs: ['minio'], run: () => applyBuckets(stack) }],
    ...migrations,
  ]
}

function serviceSteps(run: Run): [string, Step][] {
  return presentServices().map((name) => {
    const needs = services[name].needs.map((need) => (need === 'migrations' ? migrationsOf(name) : need))
    return [name, { needs, run: () => startService(run, name) }]
  })
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
