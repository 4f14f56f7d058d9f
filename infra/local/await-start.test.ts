import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { markOf } from '@rollcall/engines/process-mark'
import { createProgress } from '@rollcall/engines/progress'
import { createRunRecord } from '@rollcall/engines/run-record'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { awaitStart, type StateFiles } from './await-start.ts'

let folder: string
let files: StateFiles
let said: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-await-'))
  const file = (name: string) => join(folder, name)
  files = { runFile: file('run.json'), doorFile: file('door.json'), endpointsFile: file('endpoints.json') }
  said = []
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const progress = createProgress((text) => said.push(text.trim()))

const writeEndpoints = () => writeFileSync(files.endpointsFile, '{"gateway":"http://localhost:1"}')

it('gives the endpoints of what is ready without a word', async () => {
  createRunRecord(files.runFile)
  writeEndpoints()
  expect(await awaitStart(files, progress)).toEqual({ gateway: 'http://localhost:1' })
  expect(said).toEqual([])
})

it('says at once that nothing is running', async () => {
  await expect(awaitStart(files, progress)).rejects.toThrow('Rollcall is not running')
})

it('does not take the endpoints of a killed run for those of a running one', async () => {
  createRunRecord(files.runFile)
  writeFileSync(files.runFile, JSON.stringify({ owner: { ...markOf('owner', process.pid), startedAt: '1' } }))
  writeEndpoints()
  await expect(awaitStart(files, progress)).rejects.toThrow('Rollcall is not running')
})

it('waits for a start that installs, then for its run, and says what it waits for', async () => {
  writeFileSync(files.doorFile, JSON.stringify(markOf('npm start', process.pid)))
  const waiting = awaitStart(files, progress)
  await expect.poll(() => said).toContain('npm start: installing packages')
  createRunRecord(files.runFile).tell('starting PostgreSQL')
  await expect.poll(() => said).toContain('npm start: starting PostgreSQL')
  writeEndpoints()
  expect(await waiting).toEqual({ gateway: 'http://localhost:1' })
  expect(said[0]).toBe('waiting for npm start, which is on its way ...')
})

it('gives up when the start ends before it is ready', async () => {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  writeFileSync(files.doorFile, JSON.stringify(markOf('npm start', child.pid as number)))
  const waiting = awaitStart(files, progress)
  child.kill()
  await expect(waiting).rejects.toThrow('npm start has ended before it was ready')
})

it('gives up after its time, naming what the start is at', async () => {
  createRunRecord(files.runFile).tell('building MinIO')
  await expect(awaitStart(files, progress, 300)).rejects.toThrow('not ready after 0 s (building MinIO)')
})
