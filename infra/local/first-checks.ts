import { isPortFree } from '@rollcall/engines/ports'
import { endProcess, isAlive } from '@rollcall/engines/process-mark'
import type { Progress } from '@rollcall/engines/progress'
import { endLeftovers, readRunRecord } from '@rollcall/engines/run-record'
import { BadSetting, type PortName, type Settings } from '@rollcall/stack/settings'

/**
 * Cleans up after a start that was killed.
 *
 * @throws BadSetting when a start of this clone is still there.
 */
export async function takeOver(runFile: string, progress: Progress): Promise<void> {
  const record = readRunRecord(runFile)
  if (!record) return
  if (isAlive(record.owner)) {
    if (record.callers.every(isAlive)) {
      throw new BadSetting(`Rollcall is already running (process ${record.owner.pid}); npm run stop ends it.`)
    }
    // Its terminal or npm was killed, so it is ending by itself.
    await endProcess(record.owner)
  }
  const ended = await endLeftovers(runFile)
  if (ended.length > 0) progress.say(`An earlier start was killed; ended what it had left: ${ended.join(', ')}.`)
}

/** @throws BadSetting with one line per port that somebody else listens on. */
export async function checkPorts({ ports }: Settings): Promise<void> {
  const names = Object.keys(ports) as PortName[]
  const free = await Promise.all(names.map((name) => isPortFree(ports[name])))
  const taken = names.filter((_name, index) => !free[index])
  if (taken.length === 0) return
  const line = (name: PortName) => `Port ${ports[name]} is taken; set ${name} to another one (environment or .env).`
  throw new BadSetting(taken.map(line).join('\n'))
}
