import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '@rollcall/engines/workspace'
import { stateFolder } from '@rollcall/local/state'
import { z } from 'zod'
import type { Narrator } from './narrator.ts'

const Admin = z.object({ email: z.string(), password: z.string() })
export type Admin = z.infer<typeof Admin>

const REMEMBERED = join(stateFolder, 'demo-admin.json')

/** The admin of earlier demos, or a new one by the command line when there is none that can sign in. */
export async function findOrCreateAdmin({ api, step }: Narrator): Promise<Admin> {
  const remembered = await readAdmin()
  const login = remembered && (await api.post('/auth/login', { body: remembered }))
  if (remembered && login?.status === 200) return remembered
  const mark = randomBytes(4).toString('hex')
  const admin = { email: `demo-admin-${mark}@example.org`, password: randomBytes(18).toString('base64url') }
  await step(
    `npm run rollcall -- admin create --email ${admin.email} --password-stdin`,
    () => runCommand(['admin', 'create', '--email', admin.email, '--password-stdin'], admin.password),
    (output) => output.trim(),
  )
  await writeFile(REMEMBERED, JSON.stringify(admin), { mode: 0o600 })
  return admin
}

async function readAdmin(): Promise<Admin | undefined> {
  try {
    return Admin.parse(JSON.parse(await readFile(REMEMBERED, 'utf8')))
  } catch {
    // Missing or cut short: either way a new one is made.
    return undefined
  }
}

function runCommand(words: string[], input: string): Promise<string> {
  const program = join(ROOT, 'infra/local/rollcall.ts')
  const child = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(output))))
  })
}
