// The Vitest configuration under Stryker: runs the tests that `mutate-package.ts` names, without a new worker per file.
import { defineConfig } from 'vitest/config'

import base from '../../vitest.config.ts'

const { projects: _, ...test } = base.test ?? {}
const globs = (process.env['MUTATION_TESTS'] ?? '').split(',')

export default defineConfig({
  ...base,
  test: {
    ...test,
    // Starts no database: the named tests do not need one.
    globalSetup: ['tools/test-rsa-keys-setup.ts'],
    setupFiles: ['tools/test-rsa-keys.ts', 'tools/mutation/cut-properties.ts'],
    include: globs.filter((glob) => !glob.startsWith('!')),
    exclude: [
      ...(test.exclude ?? []),
      ...globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
    ],
    isolate: false,
    // For mutants that wait for nothing. The named tests need milliseconds, a busy machine a little more.
    testTimeout: 10_000,
    hookTimeout: 10_000,
  },
})
