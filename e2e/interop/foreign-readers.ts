import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Person } from '../person.ts'
import type { System } from '../system.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

interface Script {
  python: string
  name: string
  /** Handed over as a line of JSON on standard input: tokens have no place among arguments. */
  input: unknown
}

/** @throws with the last line that the script said when it fails: an assertion's words. */
async function runScript({ python, name, input }: Script): Promise<string> {
  const child = spawn(python, [join(import.meta.dirname, name)], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(`${JSON.stringify(input)}\n`)
  const code = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  if ((await code) === 0) return output.trim()
  throw new Error(complaint.trim().split('\n').at(-1) ?? `${name} failed`)
}

/** PyJWT takes our access tokens by what `/.well-known` says, and nothing else. */
export function verifyTokens(python: string, { publicUrl }: System, { id, token }: Person): Promise<Outcome> {
  const input = { issuer: publicUrl, token, subject: id }
  return outcomeOf('PyJWT verifies access tokens by the JWKS', () =>
    runScript({ python, name: 'verify_token.py', input }),
  )
}

/** kafka-python reads what our relay has published. */
export function readFacts(python: string, { environments }: System, people: Person[]): Promise<Outcome> {
  const { KAFKA_NAMESPACE: namespace, KAFKA_BROKERS: broker } = environments.users
  const subjects = people.map(({ id }) => id)
  const input = { broker, topic: `${namespace}user.registered`, type: 'user.registered.v1', subjects }
  return outcomeOf('kafka-python reads user.registered as CloudEvents', () =>
    runScript({ python, name: 'read_facts.py', input }),
  )
}
