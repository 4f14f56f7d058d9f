import { readFileSync } from 'node:fs'
import type { ApiAnswer } from '@rollcall/testing/api-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallerKind, callers, whoMay } from './authorization/who-may.ts'
import { join, type Person, signIn, untilKnown } from './person.ts'
import { type System, startSystem } from './system.ts'

interface Declared {
  id: string
  method: string
  path: string
}

const document = JSON.parse(readFileSync(new URL('../docs/api/openapi.json', import.meta.url), 'utf8'))
const operations: Declared[] = Object.entries(
  document.paths as Record<string, Record<string, { operationId: string }>>,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId: id }]) => ({ id, method: method.toUpperCase(), path })),
)

/** Nobody and nothing: who may is answered before what is found. */
const NOBODY = '01890000-0000-7000-8000-000000000000'
/** A wrong password, so that nobody's account goes. */
const bodies: Record<string, unknown> = { deleteOwnAccount: { password: 'wrong' } }

let system: System
const people = new Map<CallerKind, Person>()

beforeAll(async () => {
  system = await startSystem()
  const admin = await join(system)
  people.set('admin', admin)
  const as = { token: admin.token }
  for (const caller of callers) {
    if (caller === 'anonymous' || caller === 'admin') continue
    const person = await join(system)
    const path = `/users/${person.id}`
    if (caller === 'operator') await system.api.call('PUT', `${path}/operator`, { ...as, body: { operator: true } })
    else if (caller === 'professional') await system.api.post(`${path}/professional`, as)
    else if (caller !== 'authenticated') await system.api.patch(`${path}/role`, { ...as, body: { role: caller } })
    people.set(caller, { ...person, ...(await signIn(system, person.email)) })
  }
  for (const person of people.values()) await untilKnown(system, person)
}, 60_000)

afterAll(() => system?.stop())

function call({ id, method, path }: Declared, person: Person | undefined): Promise<ApiAnswer> {
  const filled = path.replaceAll(/\{\w+\}/g, (name) => (name === '{token}' ? 'x'.repeat(43) : NOBODY))
  const body = bodies[id] ?? (['POST', 'PATCH', 'PUT'].includes(method) ? {} : undefined)
  return system.api.call(method, filled, {
    ...(person ? { token: person.token } : {}),
    ...(body === undefined ? {} : { body }),
  })
}

/** Whether somebody may, as the answer says it. */
function verdictOf(caller: CallerKind, { status, body }: ApiAnswer): 'may' | 'may not' | string {
  if (caller === 'anonymous' && status === 401 && body.error === 'Unauthenticated') return 'may not'
  if (caller !== 'anonymous' && status === 403 && body.error === 'Forbidden') return 'may not'
  if (status === 401 || status === 403) {
    // Credentials that open nothing, where anybody may try.
    return ['InvalidCredentials', 'invalid_client'].includes(body.error) ? 'may' : `${status} ${body.error}`
  }
  return status < 500 ? 'may' : `${status}`
}

describe('S38: who may what', () => {
  it('is stated for every operation of the document, and for none beside', () => {
    expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(whoMay).sort())
  })

  it.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    'holds for %s',
    async (_, operation) => {
      const answered = new Map<CallerKind, string>()
      for (const caller of callers) {
        const person = people.get(caller)
        answered.set(caller, verdictOf(caller, await call(operation, person)))
        // What ends sessions has ended this one.
        if (person && /^logout/.test(operation.id)) Object.assign(person, await signIn(system, person.email))
      }
      const stated = callers.map((caller) => [caller, whoMay[operation.id]?.includes(caller) ? 'may' : 'may not'])
      expect([...answered]).toEqual(stated)
    },
  )
})
