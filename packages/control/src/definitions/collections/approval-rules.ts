// Approval rules: shown with the sentence that says what they do.
import { zApprovalRule } from '@crosswalk/protocol'

import { describeApprovalRule } from '../name-objects.ts'
import type { ControlledCollection } from './collection.ts'

export const approvalRules: ControlledCollection<'approval-rules'> = {
  stored: zApprovalRule,
  event: { kind: 'approval_rule', category: 'governance' },
  showRelations: async (rule, compiled) => ({ sentence: await describeApprovalRule(compiled, rule) }),
}
