// How tests run under Stryker: those that `mutate-package.ts` names, without a new worker for each file.
import { mergeConfig } from 'vitest/config'

import base from '../../vitest.config.ts'

export default mergeConfig(
  { ...base, test: { ...base.test, include: [], globalSetup: [] } },
  {
    test: {
      include: (process.env['MUTATION_TESTS'] ?? '').split(','),
      setupFiles: ['tools/mutation/cut-properties.ts'],
      isolate: false,
    },
  },
)
