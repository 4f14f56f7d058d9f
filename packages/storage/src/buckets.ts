/** The QR images of tickets: written by the events service, read by it and by notifications. Private, as all are. */
export const TICKETS_BUCKET = 'tickets'

/** Every bucket that Rollcall needs. */
export const buckets: readonly string[] = [TICKETS_BUCKET]
