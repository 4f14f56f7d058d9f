import type { Task } from '../task.ts'

const EVENTS = 'services/events/src/events'
const DATABASE = 'services/events/src/database'
const MIGRATION = '20991231T000000Z-events-online'

/** `online=`: the list, its count and its links obey; an index serves it. */
export const eventsFilter: Task = {
  name: 'a filter of the list of events',
  mostFiles: 4,
  plant({ write, insert }) {
    insert(`${EVENTS}/api.ts`, '  place: part', `  online: z.enum(['yes']).optional(),\n`)
    insert(`${EVENTS}/list-events.ts`, '  place?: string', `  online?: 'yes' | undefined\n`)
    insert(
      `${EVENTS}/list-events.ts`,
      '    .$if(category !== undefined',
      `    .$if(filters.online === 'yes', (query) => query.where('events.online_url', '<>', 'nowhere'))\n`,
    )
    write(
      `${DATABASE}/migrations/${MIGRATION}.ts`,
      `import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('events_online').on('events').columns(['online_url', 'start_at']).execute()
}
`,
    )
    insert(`${DATABASE}/migrations.ts`, '\n/** Frozen', `import * as online from './migrations/${MIGRATION}.ts'\n`)
    insert(`${DATABASE}/migrations.ts`, `}\n`, `  '${MIGRATION}': online,\n`)
  },
  shows: {
    source: `
      import { createRequire } from 'node:module'
      import { eventsApi } from './services/events/src/events/api.ts'
      import { listEvents } from './services/events/src/events/list-events.ts'
      const require = createRequire(process.cwd() + '/services/events/package.json')
      const { DummyDriver, Kysely, PostgresAdapter, PostgresQueryCompiler } = require('kysely')
      const asked = []
      const dialect = {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: () => ({}),
      }
      const log = ({ query }) => asked.push([/count\\(/.test(query.sql), query.parameters.includes('nowhere')])
      const db = new Kysely({ dialect, log })
      const { limit, ...filters } = eventsApi.listEvents.query.parse({ online: 'yes', limit: '5' })
      await listEvents(db, { ...filters, listed: { kind: 'public' } }, { limit }).found.catch(() => {})
      console.log(JSON.stringify(asked.sort()))`,
    is: [
      [false, true],
      [true, true],
    ],
  },
}
