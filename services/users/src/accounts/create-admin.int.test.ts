import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningUsers, startUsers } from '../../test/running-users.ts'

const PASSPHRASE = 'a long pass phrase'
const rollcall = new URL(import.meta.resolve('@rollcall/cli/rollcall')).pathname
let users: RunningUsers

beforeAll(async () => {
  users = await startUsers()
})

afterAll(() => users?.stop())

interface Typing {
  /** At a terminal; otherwise into a pipe. */
  terminal: boolean
  typed: string[]
}

async function run(args: string[], { terminal, typed }: Typing) {
  const command = [process.execPath, rollcall, ...args]
  const words = terminal ? ['/usr/bin/script', '-qec', command.join(' '), '/dev/null'] : command
  const child = spawn(words[0] ?? '', words.slice(1), { env: users.environment })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const closed = new Promise((resolve) => child.once('close', resolve))
  for (const [index, line] of typed.entries()) {
    // Each line is the answer to a question that has been asked.
    if (terminal)
      await expect.poll(() => output.match(/: $|: (?=\n|\r)/g)?.length ?? 0, { timeout: 15_000 }).toBe(index + 1)
    child.stdin.write(`${line}\n`)
  }
  if (!terminal) child.stdin.end()
  const code = await closed
  child.stdin.destroy()
  return { code, output }
}

describe('rollcall admin create', () => {
  it('S3, R3: makes an admin who can sign in at once, of a password from a pipe', async () => {
    const args = ['admin', 'create', '--email', 'first@example.org', '--password-stdin']
    expect(await run(args, { terminal: false, typed: [PASSPHRASE] })).toMatchObject({ code: 0 })
    const { body } = await users.signIn('first@example.org', PASSPHRASE)
    expect(body.user).toMatchObject({ role: 'admin', emailVerified: true })
  })

  it('asks at the terminal, and shows nothing of what is typed', async () => {
    const args = ['admin', 'create', '--email', 'second@example.org']
    const { code, output } = await run(args, { terminal: true, typed: [PASSPHRASE, PASSPHRASE] })
    expect(output).toContain('Password')
    expect(output).not.toContain(PASSPHRASE)
    expect(output).toContain('created admin second@example.org')
    expect(code).toBe(0)
    expect((await users.signIn('second@example.org', PASSPHRASE)).status).toBe(200)
  })

  it('refuses where there is no terminal to ask at, and a weak password', async () => {
    const args = ['admin', 'create', '--email', 'third@example.org']
    expect(await run(args, { terminal: false, typed: [] })).toMatchObject({
      code: 1,
      output: expect.stringMatching(/no terminal/),
    })
    const weak = await run([...args, '--password-stdin'], { terminal: false, typed: ['password'] })
    expect(weak).toMatchObject({ code: 1, output: expect.stringMatching(/password/) })
  })
})
