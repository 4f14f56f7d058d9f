import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cachePath } from './cache.ts'
import { kafka } from './kafka.ts'
import { minio } from './minio.ts'
import { programNames } from './program-names.ts'
import { createProgress } from './progress.ts'
import { ensureSystemPackages, MissingPrograms, type SystemNeed } from './system-packages.ts'
import { versions } from './versions.ts'

let folder: string
let said: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-programs-'))
  said = ''
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const progress = createProgress((text) => {
  said += text
})

/** A program that prints this, whatever it is asked. */
function maven(output: string, tested: [string, string]): SystemNeed {
  const path = join(folder, 'mvn')
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${output}\nEND\n`)
  chmodSync(path, 0o755)
  const version = { args: ['-version'], name: programNames.maven, tested }
  return { what: 'Maven', debianPackage: 'maven', find: () => path, version }
}

const DEBIANS = '\u001b[1mApache Maven 3.8.7\u001b[m\nMaven home: /usr/share/maven'

it('takes a program in a version that it is tested with, however that is printed, and says nothing', async () => {
  await ensureSystemPackages([maven(DEBIANS, ['3.6', '4'])], progress)
  expect(said).toBe('')
})

it('refuses one that is too old, with the line that helps', async () => {
  const check = ensureSystemPackages([maven(DEBIANS, ['3.9', '4'])], progress)
  await expect(check).rejects.toBeInstanceOf(MissingPrograms)
  await expect(check).rejects.toThrow(/is Maven 3\.8; Rollcall needs 3\.9 or newer\.\n.*apt-get install.* maven$/)
})

it('goes on with one that is newer than tested, and says so in one line', async () => {
  await ensureSystemPackages([maven(DEBIANS, ['3.0', '3.6'])], progress)
  expect(said).toMatch(
    /^ {2}\S+mvn is Maven 3\.8, newer than Rollcall is tested with \(3\.0 to 3\.6\); it is used\.\n$/,
  )
})

it('goes on with one whose version it cannot read, and says so in one line', async () => {
  await ensureSystemPackages([maven('Das ist eine Fassung.', ['3.6', '4'])], progress)
  expect(said).toMatch(/^ {2}\S+mvn: its version could not be read; Rollcall is tested with Maven 3\.6 to 4\.\n$/)
})

it('asks nothing of what has no version', async () => {
  const need = { what: 'a module', debianPackage: 'module', find: () => folder }
  await ensureSystemPackages([need], progress)
  expect(said).toBe('')
})

it('asks for Maven and Go only while what they make is missing', () => {
  vi.stubEnv('XDG_CACHE_HOME', folder)
  const programs = () => [kafka, minio].map((engine) => engine.needs().map(({ what }) => what))
  expect(programs()).toEqual([['a Java runtime', 'Maven'], ['Go']])
  mkdirSync(cachePath(`kafka_${versions.kafka.scala}-${versions.kafka.version}`), { recursive: true })
  mkdirSync(cachePath(`minio-${versions.minio}-${process.platform}-${process.arch}`), { recursive: true })
  expect(programs()).toEqual([['a Java runtime'], []])
  vi.unstubAllEnvs()
})
