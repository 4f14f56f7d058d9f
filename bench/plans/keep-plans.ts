import { writeFile } from 'node:fs/promises'
import { eventsPlans } from './events.ts'
import { createExplainingDatabase, type Explained, tablesReadWidely } from './explaining.ts'
import { notificationsPlans } from './notifications.ts'
import type { Planned } from './planned.ts'
import { ROWS } from './rows.ts'
import { usersPlans } from './users.ts'

/** A statement that looks at this many rows becomes slower with every day. */
const MANY_ROWS = 100_000

export interface PlanOf {
  name: string
  explained: Explained[]
  /** Tables of which it reads much, and has no reason to. */
  readsWidely: string[]
}

/** Writes the plan of each hot statement, and says of which tables one has read too much. */
export async function keepPlans(page: URL): Promise<string[]> {
  const services = [
    await look('users', usersPlans),
    await look('events', eventsPlans),
    await look('notifications', notificationsPlans),
  ]
  await writeFile(page, writePlans(services))
  return services.flatMap(({ service, plans }) =>
    plans.flatMap(({ name, readsWidely }) => readsWidely.map((table) => `${service}, ${name}: reads much of ${table}`)),
  )
}

interface Looked {
  service: string
  bytesPerRow: Record<string, number>
  plans: PlanOf[]
}

async function look<Tables>(service: string, planned: Planned<Tables>): Promise<Looked> {
  const database = await createExplainingDatabase<Tables>(`plans_${service}`, planned)
  try {
    // Before anything is asked, since what changes a row leaves the old one behind for a while.
    const bytesPerRow = await database.bytesPerRow()
    const plans: PlanOf[] = []
    for (const [name, ask] of Object.entries(planned.statements)) {
      const explained = await database.explain(() => ask(database.db))
      if (explained.length === 0) throw new Error(`no plan was told for ${service}, ${name}`)
      const expected = planned.readsWidely?.[name] ?? []
      const read = explained.flatMap(({ plan }) => tablesReadWidely(plan, MANY_ROWS))
      plans.push({ name, explained, readsWidely: read.filter((table) => !expected.includes(table)) })
    }
    return { service, bytesPerRow, plans }
  } finally {
    await database.close()
  }
}

function writePlans(services: Looked[]): string {
  const parts = services.flatMap(({ service, bytesPerRow, plans }) => [
    `## ${service}`,
    `Bytes a row with its indexes: ${Object.entries(bytesPerRow)
      .map(([table, bytes]) => `${table} ${bytes}`)
      .join(', ')}.`,
    ...plans.map(({ name, explained }) => [`### ${name}`, ...explained.map(writeExplained)].join('\n\n')),
  ])
  return `# Plans

Written by \`npm run bench -- plans\`: how PostgreSQL goes about each hot statement, asked by the service's own functions, with
${ROWS.toLocaleString('en')} rows in each large table. Statements are prepared, and these are the plans that are kept after the
fifth time. \`loops\` and \`rows\` are what was seen.

${parts.join('\n\n')}
`
}

function writeExplained({ statement, plan, durationMs }: Explained): string {
  const shown = statement.length > 160 ? `${statement.slice(0, 160)}…` : statement
  return `\`${shown}\`: ${durationMs} ms\n\n\`\`\`text\n${plan}\n\`\`\``
}
