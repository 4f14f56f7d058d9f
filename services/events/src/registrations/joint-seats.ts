import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { joinCalls } from '@rollcall/runtime/join-calls'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type TakeSeat, takeSeats, type WantedSeat, wantSeat } from './take-seat.ts'

/** Their lock is held, and their answer waited for, as long as all of them take. */
const MOST_TOGETHER = 50

type Outcome = boolean | Error

/**
 * Takes seats as `takeSeat` does, together with everybody who asks this process for the same event while a statement for
 * it is under way: the event's row is then locked once for all of them. Who is refused is refused alone.
 */
export function createJointSeats(db: Kysely<EventsDatabase>): TakeSeat {
  const lines = new Map<string, { take(seat: WantedSeat): Promise<boolean>; asking: number }>()
  const newLine = () => ({
    take: joinCalls((seats: WantedSeat[]) => takeTogether(db, seats), { most: MOST_TOGETHER }),
    asking: 0,
  })
  return async (seat) => {
    const wanted = wantSeat(seat)
    const key = `${seat.registration.event_id} ${seat.eventVersion}`
    const line = lines.get(key) ?? newLine()
    lines.set(key, line)
    line.asking += 1
    try {
      return await line.take(wanted)
    } finally {
      line.asking -= 1
      if (line.asking === 0) lines.delete(key)
    }
  }
}

async function takeTogether(db: Kysely<EventsDatabase>, seats: WantedSeat[]): Promise<Outcome[]> {
  const [first, ...others] = seats
  if (first && others.length > 0 && (await allTaken(db, [first, ...others]))) return seats.map(() => true)
  // Somebody of them has a seat already, or there are not seats for all: each finds out alone, in their order. Where one
  // finds none left, nobody behind them does.
  const outcomes: Outcome[] = []
  for (const seat of seats) {
    const noneLeft = outcomes.at(-1) === false
    outcomes.push(noneLeft ? false : await takeSeats(db, [seat]).catch((error: Error) => error))
  }
  return outcomes
}

async function allTaken(db: Kysely<EventsDatabase>, seats: [WantedSeat, ...WantedSeat[]]): Promise<boolean> {
  try {
    return await takeSeats(db, seats)
  } catch (error) {
    if (violatedUniqueConstraint(error) === undefined) throw error
    return false
  }
}
