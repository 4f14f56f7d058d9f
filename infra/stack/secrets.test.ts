import { expect, it } from 'vitest'
import { completeSecrets, createSecrets } from './secrets.ts'

it('keeps what there is, and adds what is newer', () => {
  const kept = createSecrets()
  expect(completeSecrets(kept)).toEqual(kept)
  const { ticketSigningKey: _, ...older } = kept
  const { events: __, ...databasePasswords } = kept.databasePasswords
  const complete = completeSecrets({ ...older, databasePasswords } as never)
  expect(complete).toMatchObject({ ...older, databasePasswords })
  expect(complete.ticketSigningKey.kid).not.toBe(kept.ticketSigningKey.kid)
  expect(complete.databasePasswords.events).toMatch(/^[\w-]{20,}$/)
})
