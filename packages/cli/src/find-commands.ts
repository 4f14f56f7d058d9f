import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

const Manifest = z.object({
  rollcall: z.object({ commands: z.record(z.string(), z.string()) }).optional(),
})

/** Files of all declared commands by name (`admin create`), found below `services/`. */
export async function findCommands(root: string): Promise<Map<string, string>> {
  const commands = new Map<string, string>()
  for await (const file of glob('services/*/package.json', { cwd: root })) {
    const manifest = path.join(root, file)
    const { rollcall } = Manifest.parse(JSON.parse(await readFile(manifest, 'utf8')))
    for (const [name, location] of Object.entries(rollcall?.commands ?? {})) {
      if (commands.has(name)) throw new Error(`two services declare the command "${name}"`)
      commands.set(name, path.resolve(path.dirname(manifest), location))
    }
  }
  return commands
}
