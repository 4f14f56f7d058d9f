import { EventSnapshot } from '@rollcall/contracts/events'
import { RegistrationSnapshot } from '@rollcall/contracts/registrations'
import { UserSnapshot } from '@rollcall/contracts/users'
import { project } from '@rollcall/messaging/subscriptions'
import type { Kysely } from 'kysely'
import { projectEvents } from './events.ts'
import { projectRecipients } from './recipients.ts'
import { projectRegistrations } from './registrations.ts'
import type { ProjectionTables } from './tables.ts'

/**
 * What mails say, and to whom: by consumer group, as a mail that waits for one should not wait for all. From the first
 * snapshot on: a projection that began later would miss who is there already.
 */
export function projectionGroups<Tables extends ProjectionTables>(db: Kysely<Tables>) {
  return [
    { groupId: 'notifications.people', startAt, subscriptions: [project(UserSnapshot, projectRecipients(db))] },
    {
      groupId: 'notifications.projections',
      startAt,
      subscriptions: [
        project(EventSnapshot, projectEvents(db)),
        project(RegistrationSnapshot, projectRegistrations(db)),
      ],
    },
  ]
}

const startAt = 'earliest' as const
