import type { Generated } from 'kysely'

/** Who people are, from `user.snapshot`: for organizers of events that they attend, and to know them at the door. */
interface PeopleTable {
  id: string
  sequence: number
  /** The account is gone; the row stays so that a late message does not bring it back. */
  erased: boolean
  nickname: string | null
  first_name: string | null
  last_name: string | null
  email: string | null
  /** Two addresses are the same mailbox when their keys are equal. */
  email_key: string | null
  email_verified: boolean
}

/** Who came to the door without an account. Their id is an attendee's like any other. */
interface GuestsTable {
  id: string
  email: string | null
  email_key: string | null
  name: string | null
  /** The account that has proven the address since. */
  user_id: Generated<string | null>
  created_at: Date
}

export interface PeopleTables {
  people: PeopleTable
  guests: GuestsTable
}
