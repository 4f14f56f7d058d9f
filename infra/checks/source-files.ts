import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Folders of the workspace that hold code. */
export const CODE_FOLDERS = ['packages', 'services', 'infra', 'bench', 'e2e']
const NOT_OURS = new Set(['node_modules', 'coverage', 'fixtures', 'results'])

/** Every TypeScript file of the workspace below `root`, relative to it: what each checker has to have looked at. */
export function sourceFiles(root: string): string[] {
  return CODE_FOLDERS.flatMap((folder) => filesBelow(join(root, folder)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => relative(root, file))
    .sort()
}

function filesBelow(folder: string): string[] {
  return readEntries(folder).flatMap((entry) => {
    if (entry.name.startsWith('.') || NOT_OURS.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
