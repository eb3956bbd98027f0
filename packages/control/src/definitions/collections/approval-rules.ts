// Approval rules: shown with the sentence that says what they do.
import { renderApprovalRule } from '@crosswalk/policy'
import { zApprovalRule } from '@crosswalk/protocol'

import type { ControlledCollection } from './collection.ts'

export const approvalRules: ControlledCollection<'approval-rules'> = {
  stored: zApprovalRule,
  event: { kind: 'approval_rule', category: 'governance' },
  showRelations: async (rule) => ({ sentence: renderApprovalRule(rule) }),
}
