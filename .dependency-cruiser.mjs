/**
 * Rooms of each service, the lowest first: one imports those below it, never one above. What is not named here (`app.ts`,
 * `http.ts`, `database`) joins them.
 */
const rooms = {
  users: [
    'passwords',
    'keys',
    'audit',
    'links',
    'accounts',
    'lockouts',
    'sessions',
    'verification',
    'recovery',
    'erasure',
    'profiles',
    'people',
    'professionals',
    'roles',
    'operators',
  ],
  events: [
    'people',
    'categories',
    'events',
    'approval',
    'seats',
    'registrations',
    'waitlist',
    'announcements',
    'tickets',
    'check-in',
    'attendees',
    'calendar',
  ],
  notifications: ['projections', 'ledger', 'rendering', 'smtp', 'sending', 'mails', 'operations'],
}

const downward = Object.entries(rooms).flatMap(([service, names]) =>
  names.slice(0, -1).map((room, height) => ({
    name: `${service}-${room}-imports-downward`,
    severity: 'error',
    from: { path: `^services/${service}/src/${room}/`, pathNot: '\\.test\\.ts$' },
    // What a row looks like may be known below: tables are joined by all.
    to: { path: `^services/${service}/src/(${names.slice(height + 1).join('|')})/`, pathNot: '/tables\\.ts$' },
  })),
)

/** What writes an aggregate with its messages: nothing else reaches the outbox, so no use case forgets a snapshot. */
const writePaths = [
  'users/src/accounts/change-user',
  'events/src/events/new-event',
  'events/src/events/change-event',
  'events/src/events/remove-event',
  'events/src/registrations/change-registration',
  'events/src/registrations/take-seat',
  'events/src/registrations/take-place',
  'events/src/registrations/store-walk-in',
  'events/src/registrations/hand-over',
  'events/src/seats/override-capacity',
  'notifications/src/ledger/end-queries',
]

/** Who may import whom. Exported as default because dependency-cruiser asks for it. */
export default {
  forbidden: [
    ...downward,
    {
      name: 'messages-leave-by-write-paths',
      severity: 'error',
      from: { path: '^services/', pathNot: `(\\.test\\.ts$|^services/(${writePaths.join('|')})\\.ts$)` },
      to: { path: '(^|/)packages/outbox/src/append\\.ts$' },
    },
    {
      name: 'services-never-import-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-import-no-service',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'production-code-imports-no-apparatus',
      comment: 'What tests, benches and the local start need stays out of what runs in production.',
      severity: 'error',
      from: {
        path: '^(services|packages)/',
        pathNot: '(\\.test\\.ts$|^packages/testing/|^(packages|services)/[^/]+/test/)',
      },
      to: { path: '^(infra|bench|e2e|packages/testing)/' },
    },
    {
      name: 'packages-by-their-declared-names',
      comment: 'Across folders an import goes by the package name, so that package.json says who needs whom.',
      severity: 'error',
      // Services export nothing; what describes them all (infra/docs) reads their files.
      // The door runs before anything is installed, so it knows files alone.
      from: { path: '^((?:packages|services|infra)/[^/]+)/', pathNot: '^infra/(docs/|local/door\\.mjs$)' },
      to: { path: '^(packages|services|infra)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'engines-know-no-stack',
      comment: 'A library: how an engine is fetched, started and stopped, whatever it is for.',
      severity: 'error',
      from: { path: '^infra/engines/' },
      to: { path: '^(infra|packages|services|bench|e2e)/', pathNot: '^infra/(engines|gateway)/' },
    },
    {
      name: 'stack-knows-no-command',
      comment:
        'What Rollcall is made of; the commands of a newcomer and the tests stand on it, not the other way round.',
      severity: 'error',
      from: { path: '^infra/stack/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(infra|packages|services|bench|e2e)/', pathNot: '^infra/(engines|stack)/' },
    },
    {
      name: 'local-start-needs-no-test-apparatus',
      severity: 'error',
      from: { path: '^infra/local/' },
      to: { path: '^(infra/test-stack|packages/testing|bench|e2e)/' },
    },
    {
      name: 'test-apparatus-needs-no-engines',
      comment:
        'Sinks, proxies and clients work wherever they are; what starts engines and services is in infra/test-stack.',
      severity: 'error',
      from: { path: '^packages/testing/' },
      to: { path: '^(infra|bench|e2e)/' },
    },
    {
      name: 'only-what-can-be-resolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'only-declared-dependencies',
      severity: 'error',
      from: { path: '^(packages|services|infra|bench|e2e)/' },
      // vitest is the workspace's own, as every folder has tests.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '(^|/)node_modules/(\\.pnpm/)?vitest' },
    },
    {
      name: 'production-code-needs-no-development-dependency',
      severity: 'error',
      from: {
        path: '^(packages|services)/',
        pathNot: '(\\.test\\.ts$|^packages/testing/|^(packages|services)/[^/]+/test/)',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      // A cycle through types alone is none once the program runs.
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    // TypeScript 7 has no interface for other programs; this parser stands in for it.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(coverage|fixtures|results)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
}
