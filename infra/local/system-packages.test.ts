import { expect, it } from 'vitest'
import { silent } from './progress.ts'
import { ensureSystemPackages, isWithin, MissingPrograms, type SystemNeed } from './system-packages.ts'

const node: SystemNeed = {
  what: 'Node',
  debianPackage: 'nodejs',
  find: () => process.execPath,
  versionArgs: ['--version'],
  versions: ['20', '99'],
}

it.each([
  ['15.0', true],
  ['17.9', true],
  ['14.20', false],
  ['18.1', false],
  ['unknown', false],
])('says of version %s that it is within 15 to 17: %s', (version, within) => {
  expect(isWithin(version, ['15', '17'])).toBe(within)
})

it('compares minor versions as numbers', () => {
  expect(isWithin('1.9', ['1.22', '1'])).toBe(false)
  expect(isWithin('1.100', ['1.22', '1'])).toBe(true)
})

it('accepts a program in a version that is known to work', async () => {
  await expect(ensureSystemPackages([node], silent)).resolves.toBeUndefined()
})

it('refuses a program in another version, naming both', async () => {
  const old: SystemNeed = { ...node, versions: ['1', '2'] }
  await expect(ensureSystemPackages([old], silent)).rejects.toThrow(/is Node \d+\.\d+; Rollcall is tested with 1 to 2/)
  await expect(ensureSystemPackages([old], silent)).rejects.toBeInstanceOf(MissingPrograms)
})
