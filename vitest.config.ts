import { defineConfig } from 'vitest/config'

const ENGINES = './packages/testing/src/engines.ts'
const NOT_OURS = ['**/node_modules/**']

// Exported as default because vitest asks for it.
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores are shared with the engines; more workers only make everything time out.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,services,infra}/**/*.test.ts'],
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
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          exclude: NOT_OURS,
          globalSetup: ENGINES,
          fileParallelism: false,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/main.ts', 'packages/testing/**'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 90 },
    },
  },
})
