import { DomainError } from '@rollcall/http/errors'
import type { Kysely } from 'kysely'
import { findUserByNickname } from '../accounts/queries.ts'
import type { PublicFieldName, User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'

/** @throws {DomainError} `UserNotFound`, also for somebody who is locked or has not proven their address */
export async function findPublicProfile(db: Kysely<UsersDatabase>, nickname: string): Promise<User> {
  const user = await findUserByNickname(db, nickname)
  if (!user || user.locked || !user.email_verified) throw new DomainError('UserNotFound', 'there is no such user')
  return user
}

/** What somebody shows of themselves: nickname and professional status always, the rest as they say. */
export function toPublicProfile(user: User) {
  const all: Record<PublicFieldName, unknown> = {
    firstName: user.first_name,
    lastName: user.last_name,
    bio: user.bio,
    location: user.location,
    githubUrl: user.github_url,
    linkedinUrl: user.linkedin_url,
    additional: user.additional,
  }
  const shown = Object.fromEntries(user.public_fields.map((name) => [name, all[name]]))
  const path = `/u/${user.nickname}`
  return {
    nickname: user.nickname,
    professional: user.professional,
    professionalSince: user.professional_since?.toISOString() ?? null,
    ...shown,
    _links: { self: { href: path }, qr: { href: `${path}/qr.png` } },
  }
}
