import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isAlive, markOf } from './process-mark.ts'
import { createRunRecord, endLeftovers, readRunRecord } from './run-record.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-record-'))
  file = join(folder, 'run.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function sleeper() {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  return { child, pid: child.pid as number, ended: once(child, 'exit') }
}

it('ends what a killed run has left, and removes its temporary folders', async () => {
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary)
  const { pid, ended } = await sleeper()
  createRunRecord(file, [temporary]).add({ name: 'redis', pid })
  expect(await endLeftovers(file)).toEqual(['redis'])
  await ended
  expect(readRunRecord(file)).toBeUndefined()
  expect(() => writeFileSync(join(temporary, 'x'), '')).toThrow('ENOENT')
})

it('leaves a stranger alone who was given the id of an ended process', async () => {
  const { child, pid, ended } = await sleeper()
  const record = createRunRecord(file)
  record.add({ name: 'redis', pid })
  const content = readRunRecord(file)
  const reused = content?.processes.map((mark) => ({ ...mark, startedAt: '1' }))
  writeFileSync(file, JSON.stringify({ ...content, processes: reused }))
  expect(await endLeftovers(file)).toEqual([])
  expect(isAlive(markOf('redis', pid))).toBe(true)
  child.kill()
  await ended
})

it('has nothing to do where nothing was started', async () => {
  expect(await endLeftovers(file)).toEqual([])
})
