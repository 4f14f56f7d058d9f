import type { Need } from '../ledger/delivery.ts'

interface AboutUser {
  sequence: number
  data: { userId: string }
}

/** A plan for the person whom a fact is about, once the projection is as new as the fact. */
export function toUser<Data extends object>({ sequence, data: { userId } }: AboutUser, data: Data) {
  const needs: Need[] = [{ projection: 'recipients', id: userId, sequence }]
  return { recipientId: userId, data, needs }
}
