import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event } from '../events/tables.ts'

export interface EventStats {
  registered: number
  waitlisted: number
  cancelled: number
  checkedIn: number
  /** By day of the event's zone. */
  perDay: { date: string; registrations: number; cancellations: number }[]
  arrivals: { minute: string; arrivals: number }[]
}

/** Figures of an event, counted from the rows of its registrations, all in one statement: they agree with each other. */
export async function statsOf(db: Kysely<EventsDatabase>, { id, time_zone }: Event): Promise<EventStats> {
  const { rows } = await sql<EventStats>`
    with own as (
      select status, created_at, cancelled_at, checked_in_at from registrations where event_id = ${id}
    ), days as (
      select day, count(*) filter (where came) as registrations, count(*) filter (where not came) as cancellations
      from (
        select (created_at at time zone ${time_zone})::date as day, true as came from own
        union all
        select (cancelled_at at time zone ${time_zone})::date, false from own where cancelled_at is not null
      ) as moves group by day
    ), minutes as (
      select date_trunc('minute', checked_in_at) as minute, count(*) as arrivals
      from own where status = 'CONFIRMED' and checked_in_at is not null group by 1
    )
    select
      count(*) filter (where status = 'CONFIRMED') as registered,
      count(*) filter (where status = 'WAITLISTED') as waitlisted,
      count(*) filter (where status = 'CANCELLED') as cancelled,
      count(*) filter (where status = 'CONFIRMED' and checked_in_at is not null) as "checkedIn",
      (select coalesce(json_agg(json_build_object('date', day, 'registrations', registrations,
        'cancellations', cancellations) order by day), '[]') from days) as "perDay",
      (select coalesce(json_agg(json_build_object('minute', to_char(minute at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'arrivals', arrivals) order by minute), '[]') from minutes) as arrivals
    from own`.execute(db)
  const [stats] = rows
  if (!stats) throw new TypeError('counting gave nothing')
  return stats
}
