import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { isAlive } from '@rollcall/engines/process-mark'
import { endLeftovers, readRunRecord } from '@rollcall/engines/run-record'
import { readSettings } from '@rollcall/stack/settings'
import { removeContainers } from './containers.ts'
import { dataFolder, readSecrets, runFile, stateFolder } from './state.ts'

async function confirmed(): Promise<boolean> {
  if (process.argv.includes('--yes')) return true
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(
      'This clears all accounts, events, mails and local secrets. Go on? (yes/no) ',
    )
    return answer.trim().toLowerCase() === 'yes'
  } catch {
    // The input ended without an answer.
    return false
  } finally {
    terminal.close()
  }
}

const record = readRunRecord(runFile)
if (record && isAlive(record.owner)) {
  process.stderr.write('Rollcall is running; npm run stop first.\n')
  process.exit(1)
}
if (!(await confirmed())) {
  process.stdout.write('Nothing was cleared.\n')
  process.exit(1)
}
await endLeftovers(runFile)
const secrets = readSecrets()
if (secrets) {
  const folder = dataFolder(secrets)
  await removeContainers({ settings: readSettings(), secrets, folder })
  await rm(folder, { recursive: true, force: true })
}
await rm(stateFolder, { recursive: true, force: true })
process.stdout.write('All data is cleared; the next npm start begins anew.\n')
