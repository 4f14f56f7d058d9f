import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table deliveries (
      id uuid constraint deliveries_pkey primary key,
      fact_id uuid not null,
      template text not null,
      channel text not null,
      recipient_id uuid not null,
      data jsonb not null,
      policy text not null,
      state text not null default 'queued',
      version bigint not null default 0,
      generation integer not null default 1,
      attempts integer not null default 0,
      lease_until timestamptz,
      phase text,
      message_id text not null,
      smtp_reply text,
      reason text,
      send_before timestamptz not null,
      due_at timestamptz not null default now(),
      queued_at timestamptz not null default now(),
      needs jsonb not null default '[]',
      traceparent text,
      created_at timestamptz not null,
      sent_at timestamptz,
      constraint deliveries_fact_key unique (fact_id, template, recipient_id, channel),
      constraint deliveries_channel_check check (channel in ('email')),
      constraint deliveries_policy_check check (policy in ('resend', 'hold')),
      constraint deliveries_state_check check (state in ('queued', 'sending', 'retry', 'sent',
        'bounced', 'unknown', 'dead', 'expired', 'cancelled', 'suppressed')),
      constraint deliveries_phase_check check (phase in ('after-dot')),
      constraint deliveries_lease_check check ((state = 'sending') = (lease_until is not null)),
      constraint deliveries_sent_check check ((state = 'sent') = (sent_at is not null)),
      constraint deliveries_reason_check check (reason is not null or state in ('queued', 'sending', 'retry', 'sent'))
    ) with (fillfactor = 70)
  `.execute(db)
  // Both hold open deliveries only, which are few beside the history.
  await sql`create index deliveries_waiting_idx on deliveries (queued_at) where state in ('queued', 'retry')`.execute(
    db,
  )
  await sql`create index deliveries_sending_idx on deliveries (lease_until) where state = 'sending'`.execute(db)
  await sql`create index deliveries_recipient_idx on deliveries (recipient_id)`.execute(db)
}
