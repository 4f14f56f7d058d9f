import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { stopBenchEngines } from './engines.ts'
import { run as idle } from './idle.ts'
import { run as logins } from './logins.ts'
import { run as mail } from './mail.ts'
import { run as registrations } from './registrations.ts'
import { run as relay } from './relay.ts'
import type { BenchRow } from './row.ts'

/** By the name that `npm run bench <name>` takes; without a name all of them run. */
const benches: Record<string, () => Promise<BenchRow[]>> = { relay, mail, registrations, logins, idle }

const results = new URL('results/', import.meta.url)

function print(line: string) {
  process.stdout.write(`${line}\n`)
}

const rounded = (value: number) => Number(value.toPrecision(4)).toLocaleString('en')

function printRow({ name, value, unit, baseline, ratio }: BenchRow) {
  const figures = [value, baseline].map((it) => rounded(it).padStart(12)).join('')
  print(`${name.padEnd(44)}${figures}  ${unit.padEnd(8)}${ratio.toFixed(2).padStart(6)}`)
}

async function measure(names: string[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  print(`${''.padEnd(44)}${'measured'.padStart(12)}${'baseline'.padStart(12)}  ${'unit'.padEnd(8)} ratio`)
  for (const name of names) {
    const bench = benches[name]
    if (!bench) throw new Error(`there is no bench named ${name}, only ${Object.keys(benches).join(', ')}`)
    for (const it of await bench()) {
      printRow(it)
      rows.push(it)
    }
  }
  return rows
}

const asked = process.argv.slice(2)
try {
  const rows = await measure(asked.length > 0 ? asked : Object.keys(benches))
  const at = new Date().toISOString()
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
  await mkdir(results, { recursive: true })
  const file = new URL(`${at.slice(0, 19).replaceAll(':', '-')}.json`, results)
  await writeFile(file, `${JSON.stringify({ at, machine, rows }, null, 2)}\n`)
  print(`written to ${file.pathname}`)
} finally {
  await stopBenchEngines()
}
