import { auditMessages } from './audit.ts'
import type { Definition, FactDefinition, SnapshotDefinition } from './define.ts'
import { eventMessages } from './events.ts'
import { notificationMessages } from './notifications.ts'
import { registrationMessages } from './registrations.ts'
import { userMessages } from './users.ts'

const declared: readonly Definition[] = [
  ...userMessages,
  ...eventMessages,
  ...registrationMessages,
  ...auditMessages,
  ...notificationMessages,
]

export const snapshots = declared.filter((it): it is SnapshotDefinition => it.kind === 'snapshot')

export const facts = declared.filter((it): it is FactDefinition => it.kind === 'fact')

/** Every message that Rollcall publishes, in every version that is still in use. */
export const catalogue: readonly Definition[] = [...snapshots, ...facts]
