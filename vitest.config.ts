import { availableParallelism } from 'node:os'

import { defineConfig } from 'vitest/config'

import { SlowestFirst } from './tools/test/slowest-first.ts'

// Workspace packages resolve to their sources, as in every Crosswalk process; other packages resolve as usual.
const conditions = ['crosswalk-source', 'module', 'node', 'development|production']
/** Node.js does not support the condition `module`, whose files only bundlers can read. */
const ofNode = conditions.filter((condition) => condition !== 'module')

/** Tests that Node.js cannot run alone: components with JSX, and a tool whose condition `development` has its own sources. */
const COMPILED = ['apps/console/**/*.test.ts', 'tests/src/packages/*.test.ts']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions: ofNode, externalConditions: ['crosswalk-source', 'node'] } },
  test: {
    globalSetup: ['tools/test-postgres-setup.ts', 'tools/test-rsa-keys-setup.ts'],
    setupFiles: ['tools/test-password-hashes.ts', 'tools/test-rsa-keys.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Three for two cores: tests often wait for servers, browsers and databases.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // A worker loads the sources once for all its files; loading takes half of the time of a unit test.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    // Limits only end what would never end. On a busy machine, everything takes many times as long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Below the 5 seconds after which a server notices by itself what nobody announced to it.
    expect: { poll: { timeout: 4000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['{packages,apps,demos,tests,tools}/**/*.test.ts'],
          exclude: [...COMPILED, '**/node_modules/**', '**/dist/**'],
          // Node.js runs these sources unchanged, as in every Crosswalk process.
          experimental: { viteModuleRunner: false, nodeLoader: false },
          execArgv: [
            '--conditions=crosswalk-source',
            '--disable-warning=ExperimentalWarning',
            '--min-semi-space-size=16',
          ],
        },
      },
      // Vitest starts projects by name. This one has the slowest file, packing, so its name comes first.
      { extends: true, test: { name: 'compiled', include: COMPILED } },
    ],
  },
})
