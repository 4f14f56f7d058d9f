import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { openIdle } from './benches/idle.ts'
import { openLogins } from './benches/logins.ts'
import { openDrain, openDrainOfTwo, openMail } from './benches/mail.ts'
import { openMemoryOfMails, openMemoryOfRegistrations } from './benches/memory.ts'
import { openList, openOne } from './benches/reads.ts'
import { openRegistrations, openRegistrationsOfTen } from './benches/registrations.ts'
import { openRelay } from './benches/relay.ts'
import { openRush, openTickets } from './benches/tickets.ts'
import type { Bench } from './measuring/bench.ts'
import { measure } from './measuring/measure.ts'
import { type Kept, rounded, writePage } from './measuring/page.ts'
import { keepPlans } from './plans/keep-plans.ts'
import { startBenchEngines } from './stage/engines.ts'
import { keepUsers } from './users/keep-users.ts'
import { keepTiming } from './users/timing.ts'

/** By the name that `npm run bench -- <name>` takes; without names all of them run, but the last two. */
const benches: Record<string, Bench> = {
  relay: openRelay,
  registrations: openRegistrations,
  'registrations-of-ten': openRegistrationsOfTen,
  tickets: openTickets,
  rush: openRush,
  mail: openMail(100, { figure: 'p99', atMost: 50 }),
  'mail-200': openMail(200, { figure: 'p99', atMost: 80 }),
  drain: openDrain,
  'drain-of-two': openDrainOfTwo,
  logins: openLogins,
  list: openList,
  event: openOne,
  idle: openIdle,
}
const long: Record<string, Bench> = {
  'memory-registrations': openMemoryOfRegistrations,
  'memory-mails': openMemoryOfMails,
}

const resultsFile = new URL('results/last.json', import.meta.url)
const pageFile = new URL('RESULTS.md', import.meta.url)
/** What has a page of its own rather than figures beside a baseline; each gives what missed its aim. */
const pages: Record<string, { keep(page: URL): Promise<string[]>; file: string }> = {
  plans: { keep: keepPlans, file: 'PLANS.md' },
  users: { keep: keepUsers, file: 'USERS.md' },
  timing: { keep: keepTiming, file: 'TIMING.md' },
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { durable: { type: 'boolean', default: false }, stages: { type: 'boolean', default: false } },
})

function print(line: string) {
  process.stdout.write(`${line}\n`)
}

function printRun(name: string, { measured }: Kept): void {
  const { sides, ratio, aims, stages, warmUp } = measured
  for (const { what, figures } of [sides.subject, ...(sides.baseline ? [sides.baseline] : [])]) {
    const told = Object.entries(figures).map(([figure, { median, minimum, maximum }]) => {
      return `${figure} ${rounded(median)} (${rounded(minimum)} to ${rounded(maximum)})`
    })
    print(`${name.padEnd(22)}${what.padEnd(34)}${told.join(', ')}`)
  }
  if (ratio) print(`${name.padEnd(22)}${'ratio'.padEnd(34)}${rounded(ratio.median)}`)
  if (!warmUp.agreed && warmUp.windows > 0) print(`${name.padEnd(22)}never steady: ${warmUp.windows} windows`)
  for (const { figure, value, reached } of aims)
    print(`${name.padEnd(22)}${reached ? 'reached' : 'missed '} ${figure} (${rounded(value)})`)
  if (!options.stages) return
  for (const [stage, { p50, p90, p99 }] of Object.entries(stages ?? {}))
    print(`${''.padEnd(22)}${stage.padEnd(14)}p50 ${rounded(p50)}, p90 ${rounded(p90)}, p99 ${rounded(p99)} ms`)
}

async function keep(name: string, run: Kept): Promise<void> {
  const all = JSON.parse(await readFile(resultsFile, 'utf8').catch(() => '{}')) as Record<string, Kept>
  all[run.durable ? `${name}, durable` : name] = run
  await mkdir(new URL('.', resultsFile), { recursive: true })
  await writeFile(resultsFile, `${JSON.stringify(all, null, 2)}\n`)
  await writeFile(pageFile, writePage(all))
}

const every = { ...benches, ...long }
const asked = positionals.length > 0 ? positionals : Object.keys(benches)
const known = [...Object.keys(every), ...Object.keys(pages)]
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are ${known.join(', ')}`)

const { durable } = options
const machine = {
  cores: cpus().length,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
}
const engines = await startBenchEngines({ durable })
// Ctrl-C in the middle of a window: nothing of it is kept, and nothing is left running.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void engines.stop().finally(() => process.exit(1)))
}
async function measureAndKeep(name: string): Promise<void> {
  const bench = await (every[name] as Bench)()
  try {
    const measured = await measure(bench, engines.pids)
    const run = { at: new Date().toISOString(), machine, durable, measured }
    printRun(name, run)
    await keep(name, run)
  } finally {
    await bench.close()
  }
}

try {
  for (const name of asked) {
    const page = pages[name]
    if (!page) await measureAndKeep(name)
    else
      for (const line of await page.keep(new URL(page.file, import.meta.url)))
        print(`${name.padEnd(22)}missed  ${line}`)
  }
} finally {
  await engines.stop()
}
