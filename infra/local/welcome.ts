import type { Endpoints } from '@rollcall/stack/stack'

/** What the newcomer reads when all is up. */
export function welcome({ gateway, mailbox, services }: Endpoints, seconds: number): string {
  return `
Rollcall is ready, after ${seconds.toFixed(1)} s.

  Start page        ${gateway}
  API               ${gateway}  (${Object.entries(services)
    .map((one) => one.join(' '))
    .join(', ')})
  API docs          ${gateway}/docs/
  Mailbox           ${mailbox}
  Queue dashboard   ${gateway}/ops/queues

How to sign in: the first account that signs up is the admin.
  curl ${gateway}/auth/register -H 'content-type: application/json' \\
    -d '{"email":"me@example.org","password":"a long pass phrase"}'
  then open the link in the mailbox, and sign in by POST ${gateway}/auth/login with the same two.
Or make an admin at any time:
  echo 'a long pass phrase' | npm run rollcall -- admin create --email admin@example.org --password-stdin
Or see everything once: npm run demo   (in a second terminal)

Ctrl-C stops everything.`
}
