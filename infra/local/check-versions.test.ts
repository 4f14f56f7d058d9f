import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { checkVersions } from './check-versions.ts'
import { createProgress } from './progress.ts'
import { MissingPrograms, type SystemNeed } from './system-need.ts'

let folder: string
let said: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-versions-'))
  said = []
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const progress = createProgress((text) => said.push(text.trim()))

/** A program that answers the question for its version by these shell commands. */
function maven(commands: string, versions: [string, string] = ['3.6', '3']): SystemNeed {
  const path = join(folder, 'mvn')
  writeFileSync(path, `#!/bin/sh\n${commands}\n`)
  chmodSync(path, 0o755)
  const names = ['Apache Maven ']
  return { what: 'Maven', debianPackage: 'maven', find: () => path, versionArgs: ['-version'], names, versions }
}

const BOLD = "printf '\\033[1mApache Maven 3.8.7\\033[m\\nJava version: 17.0.15\\n'"

it.each([
  ['in bold', BOLD],
  ['on the error stream', `${BOLD} >&2`],
  ['behind the notice of a launcher', `echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=1.2' >&2; ${BOLD}`],
  ['and fails all the same', `${BOLD}; exit 1`],
])('takes a program that says its version %s', async (_how, commands) => {
  await checkVersions([maven(commands)], progress)
  expect(said).toEqual([])
})

it('refuses one that is too old, naming the line that helps', async () => {
  const check = checkVersions([maven('echo Apache Maven 3.5.4')], progress)
  await expect(check).rejects.toBeInstanceOf(MissingPrograms)
  await expect(check).rejects.toThrow(
    /mvn is Maven 3\.5\.4; Rollcall needs 3\.6 or newer.*\n.*sudo apt-get install --no-install-recommends maven$/,
  )
})

it('goes on with one that is newer than tested, and says so in one line', async () => {
  await checkVersions([maven('echo Apache Maven 4.0.0-rc-4')], progress)
  expect(said).toEqual([
    expect.stringMatching(/mvn is Maven 4\.0\.0, newer than the 3 .* tested with; going on with it$/),
  ])
})

it.each(['echo "Eine neue Welt 7.1"', 'exit 1', 'kill -9 $$'])(
  'goes on with one whose version cannot be read (%s), and says so in one line',
  async (commands) => {
    await checkVersions([maven(commands)], progress)
    expect(said).toEqual([expect.stringMatching(/mvn does not say which version of Maven it is; going on with it$/)])
  },
)

it('asks in a neutral environment', async () => {
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8')
  vi.stubEnv('GOTOOLCHAIN', 'go9.9.9')
  await checkVersions([maven('test "$LC_ALL $GOTOOLCHAIN" = "C local" && echo Apache Maven 3.8.7')], progress)
  expect(said).toEqual([])
})
