import { defineConfig } from 'vitest/config'

// Workspace packages resolve to their sources, as in every process of ours; nothing else may change how others resolve.
const conditions = ['crosswalk-source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['crosswalk-source', 'node'] } },
  test: {
    globalSetup: ['tools/test-postgres-setup.ts', 'tools/test-rsa-keys-setup.ts'],
    setupFiles: ['tools/test-rsa-keys.ts'],
    include: [
      'packages/**/*.test.ts',
      'apps/**/*.test.ts',
      'demos/**/*.test.ts',
      'tests/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // One for each core: most of a test is waiting for servers, browsers and databases.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
