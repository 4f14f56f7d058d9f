import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cached, cacheFolder, isCached } from './cache.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-cache-'))
  vi.stubEnv('XDG_CACHE_HOME', folder)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

it('fills a folder once', async () => {
  const fill = vi.fn(async (path: string) => writeFileSync(join(path, 'file'), 'content'))
  const path = await cached('kafka-1', fill)
  expect(await cached('kafka-1', fill)).toBe(path)
  expect(fill).toHaveBeenCalledTimes(1)
  expect(readdirSync(path)).toEqual(['file'])
})

it('does not take an interrupted download for a complete one', async () => {
  const interrupted = cached('kafka-1', async (path) => {
    writeFileSync(join(path, 'half'), '')
    throw new Error('the connection was lost')
  })
  await expect(interrupted).rejects.toThrow('the connection was lost')
  expect(isCached('kafka-1')).toBe(false)
  expect(readdirSync(cacheFolder())).toEqual([])
})

it('removes what a killed process has begun long ago, and leaves what another one is filling', async () => {
  for (const [name, hours] of [
    ['.partial-kafka-1-old', 25],
    ['.partial-kafka-1-new', 1],
  ] as const) {
    mkdirSync(join(cacheFolder(), name), { recursive: true })
    const begun = Date.now() / 1000 - hours * 3600
    utimesSync(join(cacheFolder(), name), begun, begun)
  }
  await cached('kafka-1', async (path) => writeFileSync(join(path, 'file'), ''))
  expect(readdirSync(cacheFolder()).sort()).toEqual(['.partial-kafka-1-new', 'kafka-1'])
})

it('lets two fill the same folder at once', async () => {
  const fill = async (path: string) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    writeFileSync(join(path, 'file'), 'content')
  }
  const [one, other] = await Promise.all([cached('kafka-1', fill), cached('kafka-1', fill)])
  expect(one).toBe(other)
  expect(existsSync(join(one, 'file'))).toBe(true)
  expect(readdirSync(cacheFolder())).toEqual(['kafka-1'])
})
