import { defineConfig } from 'vitest/config'

const ENGINES = './infra/test-stack/engines.ts'
const COVER_CHILDREN = './infra/test-stack/cover-children.ts'
const NOT_OURS = ['**/node_modules/**']

// Exported as default because vitest asks for it.
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Long enough for busy cores; what has to be quick says so itself.
    expect: { poll: { timeout: 15_000, interval: 50 } },
    // Two cores are shared with the engines; more workers only make everything time out.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,services,infra,bench}/**/*.test.ts'],
          exclude: [...NOT_OURS, '**/*.int.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['{packages,services,infra}/**/*.int.test.ts'],
          exclude: NOT_OURS,
          globalSetup: ENGINES,
          setupFiles: COVER_CHILDREN,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          exclude: NOT_OURS,
          globalSetup: ENGINES,
          setupFiles: COVER_CHILDREN,
          fileParallelism: false,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      // A failed test says nothing about coverage; both are told.
      reportOnFailure: true,
      include: ['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', 'packages/*/test/**', 'services/*/test/**', 'packages/testing/**'],
      // `npm test` adds what the tests' child processes executed, and asks for 90 % of all lines (infra/checks).
      reporter: ['json', 'html'],
    },
  },
})
