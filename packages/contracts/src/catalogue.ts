import { AuditRecorded } from './audit.ts'
import type { Definition, FactDefinition, SnapshotDefinition } from './define.ts'
import { EventPublished, EventSnapshot, EventSubmitted } from './events.ts'
import { NotificationFailed, NotificationSent } from './notifications.ts'
import { AttendeeCheckedIn, RegistrationConfirmed, RegistrationSnapshot, TicketIssued } from './registrations.ts'
import {
  EmailVerificationRequested,
  RoleChanged,
  SessionRevoked,
  UserLoggedIn,
  UserRegistered,
  UserSnapshot,
  UserVerified,
} from './users.ts'

export const snapshots: readonly SnapshotDefinition[] = [UserSnapshot, EventSnapshot, RegistrationSnapshot]

export const facts: readonly FactDefinition[] = [
  UserRegistered,
  UserVerified,
  UserLoggedIn,
  EmailVerificationRequested,
  RoleChanged,
  SessionRevoked,
  EventSubmitted,
  EventPublished,
  RegistrationConfirmed,
  TicketIssued,
  AttendeeCheckedIn,
  AuditRecorded,
  NotificationSent,
  NotificationFailed,
]

/** Every message that Rollcall publishes, in every version that is still in use. */
export const catalogue: readonly Definition[] = [...snapshots, ...facts]
