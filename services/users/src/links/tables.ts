interface LinkTokensTable {
  /** SHA-256 of the token: whoever reads this table holds no link. */
  token_hash: Buffer
  user_id: string
  /** A purpose's name. */
  purpose: string
  /** The account's address when the link was mailed; the link is void once it has another. */
  email_key: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

/** Mails with a link that somebody asked for, so that they can be limited per mailbox. */
interface LinkMailsTable {
  user_id: string
  purpose: string
  /** The mailbox that it went to. */
  email_key: string
  requested_at: Date
}

/** Links that somebody has asked for by an address, known or not; gone as soon as the request has been dealt with. */
interface LinkRequestsTable {
  id: string
  purpose: string
  email_key: string
  requested_at: Date
}

export interface LinkTables {
  link_tokens: LinkTokensTable
  link_mails: LinkMailsTable
  link_requests: LinkRequestsTable
}
