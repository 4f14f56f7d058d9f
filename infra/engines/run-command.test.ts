import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

const shell = (script: string, more: object = {}) => runCommand({ command: 'sh', args: ['-c', script], ...more })

it('gives what was printed, and tells of notices line by line', async () => {
  const notices: string[] = []
  const output = await shell('echo one; echo a >&2; echo b >&2', { onNotice: (line: string) => notices.push(line) })
  expect({ output, notices }).toEqual({ output: 'one\n', notices: ['a', 'b'] })
})

it('fails with the end of what was printed', async () => {
  await expect(shell('echo reason >&2; exit 3')).rejects.toThrow(/sh -c failed\nreason/)
})

it('does not wait longer than it is told', async () => {
  await expect(shell('sleep 60', { timeoutMs: 100 })).rejects.toThrow('failed')
})

it('ends what it waits for when this process ends', () => {
  const script = `
    import { runCommand } from '${join(import.meta.dirname, 'run-command.ts')}'
    void runCommand({ command: 'sleep', args: ['61.25'] }).catch(() => {})
    setTimeout(() => process.exit(0), 300)`
  execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script])
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain('sleep 61.25')
})
