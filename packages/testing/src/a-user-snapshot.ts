import { randomUUID } from 'node:crypto'
import type { DataOf } from '@rollcall/contracts/define'
import sample from '@rollcall/contracts/fixtures/user.snapshot.v1.json' with { type: 'json' }
import { UserSnapshot } from '@rollcall/contracts/users'

export type UserSnapshotData = DataOf<typeof UserSnapshot>

/** Somebody as the users service tells of them: the contract's own sample, with an id and an address of its own. */
export function aUserSnapshot(changes: Partial<UserSnapshotData> = {}): UserSnapshotData {
  const { userId = randomUUID() } = changes
  return UserSnapshot.schema.parse({ ...sample, userId, email: `${userId}@example.org`, ...changes })
}
