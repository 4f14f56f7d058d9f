import { type Kysely, sql } from 'kysely'

interface Unguarded {
  table: string
  /** What a guard writes, undone in PL/pgSQL: `new.used_at := null;`. */
  undo: string
}

/** Runs `race` while a trigger undoes what the guard writes, and keeps what it deletes: only then is it a race at all. */
export async function unguarded<Result>(
  db: Kysely<unknown>,
  { table, undo }: Unguarded,
  race: () => Promise<Result>,
): Promise<Result> {
  const name = sql.raw(`forget_${table}`)
  await sql`
    create function ${name}() returns trigger language plpgsql as $$
    begin if tg_op = 'DELETE' then return null; end if; ${sql.raw(undo)} return new; end $$`.execute(db)
  await sql`
    create trigger forget before update or delete on ${sql.table(table)}
      for each row execute function ${name}()`.execute(db)
  try {
    return await race()
  } finally {
    await sql`drop trigger forget on ${sql.table(table)}`.execute(db)
    await sql`drop function ${name}()`.execute(db)
  }
}
