import { afterEach, expect, it, vi } from 'vitest'
import { runTool } from './tool.ts'

afterEach(() => vi.unstubAllEnvs())

/** The workspace's Node, as a tool that prints. */
const printing = (script: string) => runTool('node', ['-e', script])

it('reads what a tool prints without the colours that it prints whatever it is told', async () => {
  const { output, stdout } = await printing(
    String.raw`process.stdout.write('\x1b[1mChecked 12 files\x1b[0m\n'); process.stderr.write('\x1b]0;title\x07a notice\n')`,
  )
  expect(stdout).toBe('Checked 12 files\n')
  expect(output.split('\n').sort()).toEqual(['', 'Checked 12 files', 'a notice'])
})

it.each(['FORCE_COLOR', 'CLICOLOR_FORCE'])('does not hand %s on to it', async (name) => {
  vi.stubEnv(name, '1')
  const { stdout } = await printing(`process.stdout.write(String(process.env.${name}) + process.env.NO_COLOR)`)
  expect(stdout).toBe('undefined1')
})

it('tells the exit code', async () => {
  expect((await printing('process.exit(3)')).code).toBe(3)
})
