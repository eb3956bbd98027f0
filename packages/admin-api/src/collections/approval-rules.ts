// Approval rules, with the sentence that says what they do.
import { zApprovalRule } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

const zApprovalRuleInput = zApprovalRule.meta({ id: 'ApprovalRuleInput' })
const zApprovalRuleView = zApprovalRule
  .safeExtend({ sentence: z.string().describe('The rule as a sentence.'), ...metaMembers })
  .meta({ id: 'ApprovalRule' })

export const approvalRules = {
  input: zApprovalRuleInput,
  view: zApprovalRuleView,
  one: 'approval rule',
  prefix: 'apr',
  path: ['idp', 'approvalRules'],
  readOnly: [...META, 'sentence'],
  access: { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  query: zObjectQuery,
} as const satisfies CollectionShape
