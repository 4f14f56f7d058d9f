import { type Kysely, sql } from 'kysely'

/** A message as it went to the outbox. */
export interface Told {
  type: string
  data: Record<string, unknown>
  sequence: number
}

/** The relay deletes what it has sent: a trigger keeps a copy of what is written from here on. */
export async function keepMessages<Tables>(db: Kysely<Tables>): Promise<void> {
  await sql`
    create table told (position bigint generated always as identity, type text, key text, data text, sequence bigint);
    create function keep_message() returns trigger language plpgsql as $$
      begin
        insert into told (type, key, data, sequence) values (new.type, new.key, new.data, new.sequence);
        return null;
      end $$;
    create trigger keep after insert on outbox for each row execute function keep_message();`.execute(db)
}

/** All that was told under a key, in the order in which it was written. */
export async function toldAbout<Tables>(db: Kysely<Tables>, key: string): Promise<Told[]> {
  const { rows } = await sql<{ type: string; data: string; sequence: number }>`
    select type, data, sequence from told where key = ${key} order by position`.execute(db)
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }))
}
