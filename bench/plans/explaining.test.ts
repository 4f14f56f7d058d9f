import { expect, it } from 'vitest'
import { readExplained, tablesReadWidely } from './explaining.ts'

const notice = `duration: 0.125 ms  plan:
Query Text: 
    update deliveries
      set state = 'queued'
    where id = $1
Update on deliveries  (cost=0.43..8.45 rows=0 width=0) (actual rows=0 loops=1)
  ->  Index Scan using deliveries_pkey on deliveries  (cost=0.43..8.45 rows=1 width=58) (actual rows=1 loops=1)
        Index Cond: (id = $1)`

it('tells statement, plan and time apart', () => {
  expect(readExplained(notice)).toEqual([
    {
      statement: `update deliveries set state = 'queued' where id = $1`,
      plan: notice.slice(notice.indexOf('Update on')),
      durationMs: 0.125,
    },
  ])
})

it.each(['relation "outbox" does not exist, skipping', undefined])('finds no plan in %s', (other) => {
  expect(readExplained(other)).toEqual([])
})

it('finds the tables of which much is read, by what was looked at', () => {
  const plan = `Hash Join  (cost=1..2 rows=3 width=4) (actual rows=3 loops=1)
  ->  Seq Scan on deliveries d  (cost=0.00..30169.00 rows=1 width=20) (actual rows=7 loops=1)
        Filter: (state = 'queued'::text)
        Rows Removed by Filter: 999993
  ->  Index Only Scan using outbox_pkey on outbox  (cost=0.00..1.00 rows=1 width=20) (actual rows=1000000 loops=1)
        Heap Fetches: 0
  ->  Index Scan using events_pkey on events  (cost=0.00..1.00 rows=1 width=20) (actual rows=1 loops=200000)
        Index Cond: (id = $1)
  ->  Seq Scan on users  (cost=0.00..39520.00 rows=999999 width=0) (actual rows=1 loops=1)
        Filter: (id <> $1)
  ->  Index Scan using recipients_pkey on recipients r  (cost=0.43..8.45 rows=1 width=58) (never executed)
        Index Cond: (id = $1)
        Rows Removed by Filter: 999993`
  expect(tablesReadWidely(plan, 100_000)).toEqual(['deliveries', 'outbox', 'events'])
})
