import { endProcess, isAlive } from './process-mark.ts'
import { endLeftovers, readRunRecord } from './run-record.ts'
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
