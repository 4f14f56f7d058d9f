import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cachePath } from './cache.ts'
import type { Engine } from './engines/engine.ts'
import { kafka } from './engines/kafka.ts'
import { minio } from './engines/minio.ts'
import { silent } from './progress.ts'
import type { SystemNeed } from './system-need.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { versions } from './versions.ts'

const node: SystemNeed = {
  what: 'Node',
  debianPackage: 'nodejs',
  find: () => process.execPath,
  versionArgs: ['--version'],
  names: ['v'],
  versions: ['20', '99'],
}

let cache: string

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'rollcall-cache-'))
  vi.stubEnv('XDG_CACHE_HOME', cache)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true, force: true })
})

const programs = (engine: Engine) => engine.needs().map(({ what }) => what)

it('accepts a program in a version that is known to work', async () => {
  await expect(ensureSystemPackages([node], silent)).resolves.toBeUndefined()
})

it('refuses a program that is too old', async () => {
  await expect(ensureSystemPackages([{ ...node, versions: ['99', '99'] }], silent)).rejects.toThrow('99 or newer')
})

it('asks for Maven and Go only while what they make is missing', () => {
  expect([programs(kafka), programs(minio)]).toEqual([['a Java runtime', 'Maven'], ['Go']])
  mkdirSync(cachePath(`kafka_${versions.kafka.scala}-${versions.kafka.version}`), { recursive: true })
  mkdirSync(cachePath(`minio-${versions.minio}-${process.platform}-${process.arch}`), { recursive: true })
  expect([programs(kafka), programs(minio)]).toEqual([['a Java runtime'], []])
})
