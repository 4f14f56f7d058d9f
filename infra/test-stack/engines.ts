import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from '@rollcall/engines/cache'
import type { Engine, Place, Started } from '@rollcall/engines/engine'
import { kafka } from '@rollcall/engines/kafka'
import { minio } from '@rollcall/engines/minio'
import { freePort } from '@rollcall/engines/ports'
import { postgres } from '@rollcall/engines/postgres'
import { isAlive } from '@rollcall/engines/process-mark'
import { createProgress } from '@rollcall/engines/progress'
import { redis } from '@rollcall/engines/redis'
import { createRunRecord, endLeftovers, readRunRecord } from '@rollcall/engines/run-record'
import { ensureEngines, startEngine } from '@rollcall/engines/start-engine'
import { readSettings } from '@rollcall/stack/settings'
import { useContainers } from '@rollcall/stack/use-containers'
import type { TestEngines } from '@rollcall/testing/engines'
import type { TestProject } from 'vitest/node'

export interface Run {
  engines: TestEngines
  /** Process ids by engine's name; in containers there are none to tell. */
  pids: Record<string, number>
  stop(): Promise<void>
}

/** Vitest loads this file once per project; all projects of a run share the engines. */
const shared = globalThis as { [key: symbol]: unknown }
const RUN = Symbol.for('rollcall.test-run')
const USERS = Symbol.for('rollcall.test-run.users')

/** Vitest's global setup: the four engines, started once per run on free ports with temporary data. */
export async function setup(project: TestProject): Promise<void> {
  shared[USERS] = ((shared[USERS] as number | undefined) ?? 0) + 1
  shared[RUN] ??= startRun()
  project.provide('engines', (await (shared[RUN] as Promise<Run>)).engines)
}

export async function teardown(): Promise<void> {
  shared[USERS] = (shared[USERS] as number) - 1
  if (shared[USERS] === 0) await (await (shared[RUN] as Promise<Run>)).stop()
}

const progress = createProgress((text) => process.stderr.write(text))
const records = () => join(cacheFolder(), 'test-runs')

/** The same engines for a bench, which vitest does not run. `durable`: they keep what they acknowledge, as a stack's do. */
export async function startRun({ durable = false }: { durable?: boolean } = {}): Promise<Run> {
  const inContainers = await useContainers(readSettings().engines, progress)
  const native = [kafka, postgres, minio, redis]
  // Loaded only where it is needed: Testcontainers takes half a second to load.
  const engines = inContainers
    ? native.map((await import('@rollcall/engines/test-containers')).inTestContainer)
    : native
  await ensureEngines(engines, progress)
  await cleanUpAfterKilledRuns()
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-test-'))
  // PostgreSQL runs as another account when root runs the tests.
  await chmod(folder, 0o755)
  const record = createRunRecord(join(records(), `${process.pid}.json`), [folder])
  const started: Started[] = []
  const stop = async () => {
    await Promise.all(started.map((it) => it.stop()))
    await rm(folder, { recursive: true, force: true })
    record.remove()
  }
  const onStarted = (it: Started) => {
    started.push(it)
    record.add(it)
  }
  try {
    const places = await Promise.all(engines.map((engine) => placeFor(engine, { folder, durable })))
    const starting = engines.map((engine, index) => startEngine(engine, places[index] as Place, onStarted))
    await progress.step('starting the test engines', () => Promise.all(starting))
    return {
      engines: addresses(Object.fromEntries(engines.map(({ name }, index) => [name, places[index] as Place]))),
      pids: Object.fromEntries(started.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]]))),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function placeFor(engine: Engine, { folder, durable }: Pick<Place, 'folder' | 'durable'>): Promise<Place> {
  const own = join(folder, engine.name)
  await mkdir(own, { mode: 0o755 })
  const credentials = { user: 'rollcall', password: randomBytes(18).toString('base64url') }
  return { port: await freePort(), folder: own, durable, credentials }
}

function addresses(places: Record<string, Place>): TestEngines {
  const place = (name: string) => places[name] as Place
  const { user, password } = place('postgres').credentials
  return {
    postgres: `postgres://${user}:${password}@127.0.0.1:${place('postgres').port}/postgres`,
    redis: `redis://127.0.0.1:${place('redis').port}`,
    kafka: `127.0.0.1:${place('kafka').port}`,
    minio: {
      endpoint: `http://127.0.0.1:${place('minio').port}`,
      accessKey: place('minio').credentials.user,
      secretKey: place('minio').credentials.password,
    },
  }
}

async function cleanUpAfterKilledRuns(): Promise<void> {
  for (const name of await readdir(records()).catch(() => [])) {
    const file = join(records(), name)
    const record = readRunRecord(file)
    if (record && !isAlive(record.owner)) await endLeftovers(file)
  }
}
