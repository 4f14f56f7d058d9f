import { spawn } from 'node:child_process'
import { cached, isCached } from '@rollcall/local/cache'
import { createProgress } from '@rollcall/local/progress'
import { runCommand } from '@rollcall/local/run-command'
import { findProgram } from '@rollcall/local/system-packages'
import { end, prepareLocalStart, signInAsNewAdmin } from './local-start.ts'

const SCHEMATHESIS = '4.32.5'
const CACHE_KEY = `schemathesis-${SCHEMATHESIS}`
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]
const progress = createProgress((text) => process.stdout.write(text))

/** Schemathesis, from PyPI, in the user's cache. */
async function ensureSchemathesis(python: string): Promise<string> {
  const install = () =>
    cached(CACHE_KEY, async (folder) => {
      const wanted = `schemathesis==${SCHEMATHESIS}`
      await runCommand({ command: python, args: ['-m', 'pip', 'install', '--quiet', '--target', folder, wanted] })
    })
  return isCached(CACHE_KEY) ? install() : progress.step(`fetching schemathesis ${SCHEMATHESIS}`, install)
}

/** Lets schemathesis call every operation of the document, as anybody and as an admin, and judge the answers. */
async function judge({ python, folder, gateway, token }: Judged): Promise<boolean> {
  const options = ['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--max-examples', '40']
  // Signing out would leave every later call of that run without a valid token.
  const caller = token ? ['--header', `Authorization: Bearer ${token}`, '--exclude-path', '/auth/logout'] : []
  // Each run by itself can be repeated: the seed is always the same.
  const seed = ['--seed', '1', '--generation-database', 'none', '--no-color']
  const args = ['-m', 'schemathesis.cli', 'run', `${gateway}/openapi.json`, '--url', gateway]
  const child = spawn(python, [...args, ...options, ...seed, ...caller], {
    stdio: 'inherit',
    env: { ...process.env, PYTHONPATH: folder },
  })
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code === 0)))
}

interface Judged {
  python: string
  folder: string
  gateway: string
  token?: string
}

const python = findProgram('python3')
if (!python) {
  process.stderr.write('python3 with pip is missing: sudo apt-get install --no-install-recommends python3-pip\n')
  process.exit(1)
}
const folder = await ensureSchemathesis(python)
// Cheap hashes and no limits: what is judged is the API, not how long it can hold its breath.
const local = await prepareLocalStart({ BCRYPT_COST: '4', RATE_LIMIT_FACTOR: '100000', LOG_LEVEL: 'warn' })
let agreed = false
try {
  const start = await progress.step('starting a Rollcall of its own', local.start)
  const { gateway } = await local.endpoints()
  const { accessToken } = await signInAsNewAdmin(local)
  const anybody = await judge({ python, folder, gateway })
  const admin = await judge({ python, folder, gateway, token: accessToken })
  agreed = anybody && admin
  await end(start, 'SIGINT')
} finally {
  await local.clear()
}
process.stdout.write(agreed ? 'interop: schemathesis agrees with the document\n' : 'interop: schemathesis disagrees\n')
process.exitCode = agreed ? 0 : 1
