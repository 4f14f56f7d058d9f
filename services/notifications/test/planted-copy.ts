import { execFile } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SERVICE = join(import.meta.dirname, '..')
const ROOT = join(SERVICE, '../..')

export type PlantedCopy = ReturnType<typeof createPlantedCopy>

/** A copy of this service's sources and templates, to be changed as somebody would change the service itself. */
export function createPlantedCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-planted-'))
  for (const part of ['src', 'templates', 'package.json']) {
    const isWanted = (file: string) => !file.endsWith('.test.ts')
    cpSync(join(SERVICE, part), join(folder, part), { recursive: true, filter: isWanted })
  }
  symlinkSync(join(SERVICE, 'node_modules'), join(folder, 'node_modules'))

  function edit(file: string, [from, to]: [from: string, to: string]) {
    const before = readFileSync(join(folder, file), 'utf8')
    if (!before.includes(from)) throw new Error(`${file} holds no ${from}`)
    writeFileSync(
      join(folder, file),
      before.replace(from, () => to),
    )
  }

  return {
    write: (file: string, text: string) => writeFileSync(join(folder, file), text),
    edit,
    /** Files that differ from the service's own, or that it does not have. */
    changed: () =>
      globSync('{src,templates}/**/*.*', { cwd: folder })
        .filter((file) => !isSame(folder, file))
        .sort(),
    /** What the compiler says about it, a line for each mistake. */
    async compile(): Promise<string[]> {
      const typeRoots = [join(ROOT, 'node_modules/@types')]
      const settings = { extends: join(ROOT, 'tsconfig.base.json'), compilerOptions: { typeRoots }, include: ['src'] }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
      const tsc = join(ROOT, 'node_modules/.bin/tsc')
      const { stdout } = await run(tsc, ['--pretty', 'false'], { cwd: folder }).catch((failure) => failure)
      return String(stdout)
        .split('\n')
        .filter((line) => /^\S.*error TS/.test(line))
    },
    /** Runs a module inside of it; gives what it prints, parsed. */
    async evaluate(source: string): Promise<unknown> {
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder })
      return JSON.parse(stdout)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function isSame(folder: string, file: string): boolean {
  const bytes = (of: string) => {
    try {
      return readFileSync(join(of, file))
    } catch {
      return undefined
    }
  }
  const [planted, own] = [bytes(folder), bytes(SERVICE)]
  return planted !== undefined && own !== undefined && planted.equals(own)
}
