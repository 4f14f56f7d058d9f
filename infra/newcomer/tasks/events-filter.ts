import type { Task } from '../task.ts'

const EVENTS = 'services/events/src/events'
const DATABASE = 'services/events/src/database'
const MIGRATION = '20991231T000000Z-events-by-category'

/** `category=`: the list, its count and its links obey; an index serves it. */
export const eventsFilter: Task = {
  name: 'a filter of the list of events',
  mostFiles: 4,
  plant({ write, insert, replace }) {
    replace(
      `${EVENTS}/api.ts`,
      'query: z.strictObject(pageQuery),',
      'query: z.strictObject({ ...pageQuery, category: textField({ min: 1, max: 40 }).optional() }),',
    )
    replace(
      `${EVENTS}/queries.ts`,
      'export function listEvents(db: Kysely<EventsDatabase>, request: PageRequest) {',
      'export function listEvents(db: Kysely<EventsDatabase>, request: PageRequest & { category?: string | undefined }) {',
    )
    replace(
      `${EVENTS}/queries.ts`,
      `    .where('events.visibility', '=', 'public')\n`,
      `    .where('events.visibility', '=', 'public')
    .$if(request.category !== undefined, (query) => query.where('events.category', '=', request.category ?? ''))\n`,
    )
    write(
      `${DATABASE}/migrations/${MIGRATION}.ts`,
      `import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('events_category').on('events').columns(['category', 'start_at']).execute()
}
`,
    )
    insert(`${DATABASE}/migrations.ts`, '\n/** Frozen', `import * as byCategory from './migrations/${MIGRATION}.ts'\n`)
    insert(`${DATABASE}/migrations.ts`, `}\n`, `  '${MIGRATION}': byCategory,\n`)
  },
  shows: {
    source: `
      import { createRequire } from 'node:module'
      import { eventsApi } from './services/events/src/events/api.ts'
      import { listEvents } from './services/events/src/events/queries.ts'
      const require = createRequire(process.cwd() + '/services/events/package.json')
      const { DummyDriver, Kysely, PostgresAdapter, PostgresQueryCompiler } = require('kysely')
      const asked = []
      const dialect = {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: () => ({}),
      }
      const log = ({ query }) => asked.push([/count\\(/.test(query.sql), query.parameters.includes('labs')])
      const db = new Kysely({ dialect, log })
      await listEvents(db, eventsApi.listEvents.query.parse({ category: 'labs', limit: '5' })).catch(() => {})
      console.log(JSON.stringify(asked.sort()))`,
    is: [
      [false, true],
      [true, true],
    ],
  },
}
