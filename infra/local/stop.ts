import { endProcess, isAlive } from '@rollcall/engines/process-mark'
import { endLeftovers, readRunRecord } from '@rollcall/engines/run-record'
import { runFile } from './state.ts'

const record = readRunRecord(runFile)
if (record && isAlive(record.owner)) {
  process.stdout.write('Stopping ...\n')
  // Its services finish what they have begun first, each within 28 s.
  await endProcess(record.owner, 'SIGTERM', 120_000)
}
const left = await endLeftovers(runFile)
const nothing = !record && left.length === 0
process.stdout.write(nothing ? 'Nothing is running.\n' : 'Stopped.\n')
