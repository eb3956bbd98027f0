// How tests run under Stryker: those that `mutate-package.ts` names, without a new worker for each file.
import { defineConfig } from 'vitest/config'

import base from '../../vitest.config.ts'

const { projects: _, ...test } = base.test ?? {}
const globs = (process.env['MUTATION_TESTS'] ?? '').split(',')

export default defineConfig({
  ...base,
  test: {
    ...test,
    // No database is started: none of the tests that are named needs one.
    globalSetup: ['tools/test-rsa-keys-setup.ts'],
    setupFiles: ['tools/test-rsa-keys.ts', 'tools/mutation/cut-properties.ts'],
    include: globs.filter((glob) => !glob.startsWith('!')),
    exclude: [
      ...(test.exclude ?? []),
      ...globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
    ],
    isolate: false,
  },
})
