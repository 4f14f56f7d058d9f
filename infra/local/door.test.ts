import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, markOf, type ProcessMark } from '@rollcall/engines/process-mark'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** A clone that holds nothing but the door, and an installer that takes its time and gives the workspace's Node. */
let clone: string
const file = (...names: string[]) => join(clone, ...names)
const LOCAL = 'infra/local'

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'rollcall door-'))
  mkdirSync(file(LOCAL), { recursive: true })
  mkdirSync(file('infra/engines'))
  for (const name of ['local/door.mjs', 'engines/process-start.mjs']) {
    copyFileSync(join(import.meta.dirname, '..', name), file('infra', name))
  }
  writeFileSync(file('package.json'), '{"packageManager":"pnpm@0.0.0"}')
  writeFileSync(file(LOCAL, 'endpoints.ts'), "process.stdout.write('{}')")
  writeFileSync(file(LOCAL, 'start.ts'), 'setTimeout(() => {}, 200)')
  const installer = [
    '#!/bin/sh',
    'echo installed >> installs',
    'sleep 0.5',
    'mkdir -p node_modules/.bin',
    `ln -s '${process.execPath}' node_modules/.bin/node`,
  ]
  writeFileSync(file('npx'), installer.join('\n'), { mode: 0o755 })
})

afterEach(() => rmSync(clone, { recursive: true, force: true }))

function door(script: string): {
  child: ChildProcess
  done: Promise<{ code: number; output: string; notices: string }>
} {
  const env = { PATH: `${clone}:/usr/bin:/bin` }
  const child = spawn(process.execPath, [file(LOCAL, 'door.mjs'), script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, notices] = ['', '']
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (notices += chunk))
  const done = once(child, 'close').then(([code]) => ({ code: code as number, output, notices }))
  return { child, done }
}

const installs = () => readFileSync(file('installs'), 'utf8').trim().split('\n').length

it('installs once, says so beside the output, and hands the script to the workspace', async () => {
  expect(await door('endpoints').done).toMatchObject({
    code: 0,
    output: '{}',
    notices: expect.stringContaining('Installing packages: done'),
  })
  expect(await door('endpoints').done).toEqual({ code: 0, output: '{}', notices: '' })
  expect(installs()).toBe(1)
})

it('waits while another command installs', async () => {
  const [one, other] = await Promise.all([door('endpoints').done, door('endpoints').done])
  expect([one.code, other.code]).toEqual([0, 0])
  expect(one.notices + other.notices).toContain('Another command is installing packages here; waiting for it')
  expect(installs()).toBe(1)
})

it('takes over from an installer that was killed', async () => {
  mkdirSync(file('.rollcall'))
  writeFileSync(file('.rollcall/installing.json'), JSON.stringify({ ...markOf('gone', process.pid), startedAt: '1' }))
  expect(await door('endpoints').done).toMatchObject({ code: 0, output: '{}' })
  expect(existsSync(file('.rollcall/installing.json'))).toBe(false)
})

it('leaves a mark while npm start is on its way, which names a living process', async () => {
  const { child, done } = door('start')
  const mark = () => JSON.parse(readFileSync(file('.rollcall/door.json'), 'utf8')) as ProcessMark
  await expect.poll(() => existsSync(file('.rollcall/door.json'))).toBe(true)
  await expect.poll(() => isAlive(mark())).toBe(true)
  expect(mark().pid).toBe(child.pid)
  await done
  expect(existsSync(file('.rollcall/door.json'))).toBe(false)
})

it('names the scripts that there are', async () => {
  expect(await door('strat').done).toMatchObject({
    code: 1,
    notices: expect.stringContaining('there are: start, stop'),
  })
})
