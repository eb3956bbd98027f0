// Policy test suites that changes must not break.
import { zKeptSuite } from '@crosswalk/protocol'

import { ALLOWED } from '../roles.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

const zKeptSuiteInput = zKeptSuite.meta({ id: 'KeptPolicySuiteInput' })
const zKeptSuiteView = zKeptSuite.extend(metaMembers).meta({ id: 'KeptPolicySuite' })

export const policySuites = {
  input: zKeptSuiteInput,
  view: zKeptSuiteView,
  one: 'policy test suite',
  prefix: 'sui',
  path: ['idp', 'policyTests'],
  readOnly: META,
  access: { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  query: zObjectQuery,
} as const satisfies CollectionShape
