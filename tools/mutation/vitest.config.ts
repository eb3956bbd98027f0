// How tests run under Stryker: those that `mutate-package.ts` names, without a new worker for each file.
import { defineConfig } from 'vitest/config'

import base from '../../vitest.config.ts'

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    // No database is started: none of the tests that are named needs one.
    globalSetup: ['tools/test-rsa-keys-setup.ts'],
    setupFiles: ['tools/test-rsa-keys.ts', 'tools/mutation/cut-properties.ts'],
    include: (process.env['MUTATION_TESTS'] ?? '').split(','),
    isolate: false,
  },
})
