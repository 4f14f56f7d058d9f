import { z } from 'zod'

/** From least to most: who holds a role may do what the roles before it may. */
export const roles = ['anonymous', 'authenticated', 'organizer', 'manager', 'admin'] as const

export type Role = (typeof roles)[number]

export const roleSchema = z.enum(roles)

/** Whether role `a` is lower than role `b`; a role isn't below itself. */
export function isBelow(a: Role, b: Role): boolean {
  return roles.indexOf(a) < roles.indexOf(b)
}
