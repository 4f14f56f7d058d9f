import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** No download or build takes that long. */
const LEFT_OVER_MS = 24 * 3_600_000

/** Per user and outside the clone, so that a second clone starts in seconds. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rollcall')
}

export function cachePath(key: string): string {
  return join(cacheFolder(), key)
}

export function isCached(key: string): boolean {
  return existsSync(cachePath(key))
}

/**
 * Gives the folder of that key, which `fill` has filled once. It is filled under a temporary name and renamed when it is
 * whole: an interrupted download is never taken for a complete one, and of two that fill at once the first wins.
 */
export async function cached(key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = cachePath(key)
  if (existsSync(target)) return target
  await mkdir(cacheFolder(), { recursive: true })
  await removeLeftovers()
  const partial = await mkdtemp(join(cacheFolder(), `.partial-${key}-`))
  try {
    await fill(partial)
    await rename(partial, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return target
}

/** What was being filled when its process was killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    if (!name.startsWith('.partial-')) continue
    const path = join(cacheFolder(), name)
    const begun = await stat(path).catch(() => undefined)
    if (begun && Date.now() - begun.mtimeMs > LEFT_OVER_MS) await rm(path, { recursive: true, force: true })
  }
}
