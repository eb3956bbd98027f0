// Policies, with the sentence that says what they do.
import { zPolicy } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

export const zPolicyInput = zPolicy.meta({ id: 'PolicyInput' })
const zPolicyView = zPolicy
  .safeExtend({ sentence: z.string().describe('The policy as a sentence.'), ...metaMembers })
  .meta({ id: 'Policy' })

export const policies = {
  input: zPolicyInput,
  view: zPolicyView,
  one: 'policy',
  prefix: 'pol',
  path: ['idp', 'policies'],
  readOnly: [...META, 'sentence'],
  access: { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  query: zObjectQuery,
} as const satisfies CollectionShape
