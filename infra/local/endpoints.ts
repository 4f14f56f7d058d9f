import { readFileSync } from 'node:fs'
import { isAlive } from '@rollcall/engines/process-mark'
import { readRunRecord } from '@rollcall/engines/run-record'
import { endpointsFile, runFile } from './state.ts'

const record = readRunRecord(runFile)
try {
  if (!record || !isAlive(record.owner)) throw new Error('nothing is running')
  process.stdout.write(`${readFileSync(endpointsFile, 'utf8')}\n`)
} catch {
  // Still JSON, for the script that reads it.
  process.stdout.write('{}\n')
  process.stderr.write('Rollcall is not running, or not ready yet; npm start starts it.\n')
  process.exitCode = 1
}
