import { type Counts, runStaticChecks } from './static-checks.ts'
import { summarise } from './summary.ts'
import { runTests } from './tests.ts'

const counts: Counts[] = [await runStaticChecks(), ...(await runTests())]
const { line, passed } = summarise(counts)
process.stdout.write(`\n${line}\n`)
process.exitCode = passed ? 0 : 1
