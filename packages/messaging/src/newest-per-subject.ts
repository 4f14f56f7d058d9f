interface Sequenced {
  subject: string
  sequence: number
}

/**
 * The last message of each aggregate, in a stable order: one statement can't update a row twice, and two that update the
 * same rows must not lock them in different orders.
 */
export function newestPerSubject<Message extends Sequenced>(messages: readonly Message[]): Message[] {
  const newest = new Map<string, Message>()
  for (const message of messages) {
    if (message.sequence > (newest.get(message.subject)?.sequence ?? -1)) newest.set(message.subject, message)
  }
  return [...newest.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
}
