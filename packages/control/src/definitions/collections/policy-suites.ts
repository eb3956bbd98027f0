// Policy test suites: changes to policies must not break them.
import { zKeptSuite } from '@crosswalk/protocol'

import type { ControlledCollection } from './collection.ts'

export const policySuites: ControlledCollection<'policy-suites'> = {
  stored: zKeptSuite,
  event: { kind: 'policy_suite', category: 'policy' },
}
