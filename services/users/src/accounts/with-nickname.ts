import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import { generateNickname } from './nickname.ts'

/** A generated nickname that is taken is drawn again; with tens of millions of names this never runs out. */
const TRIES = 5

/**
 * Inserts an account under the nickname that was chosen, or under a generated one that is free.
 *
 * @returns `email-taken` where another account has the address
 * @throws {DomainError} `NicknameTaken`
 */
export async function withNickname<Inserted>(
  chosen: string | undefined,
  insert: (nickname: string) => Promise<Inserted>,
): Promise<Inserted | 'email-taken'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await insert(chosen ?? generateNickname())
    } catch (error) {
      const constraint = violatedUniqueConstraint(error)
      if (constraint === 'users_email_key') return 'email-taken'
      if (constraint !== 'users_nickname_key') throw error
      if (chosen !== undefined) throw nicknameTaken()
      if (attempt === TRIES) throw error
    }
  }
}

export function nicknameTaken(): DomainError {
  return new DomainError('NicknameTaken', 'this nickname is taken')
}

export function emailTaken(): DomainError {
  return new DomainError('EmailTaken', 'an account with this address exists')
}
